// AssemblyScript has no macros, and V8 repeats a loop's body at most four times, for small ones: the kernels say where eight are worth it.

/**
 * Writes the lines between `// repeat: k = 0 to 7` and `// end of repeat` eight times, with 0 to 7 in the place of k. So
 * an error's line number in such a file counts the lines that were written.
 */
export function unroll(source) {
  return source.replace(
    /^ *\/\/ repeat: (\w+) = 0 to (\d+)\n([\s\S]*?)^ *\/\/ end of repeat\n/gm,
    (_, name, last, lines) =>
      Array.from({ length: Number(last) + 1 }, (_, k) =>
        lines.replace(new RegExp(`\\b${name}\\b`, 'g'), k),
      ).join(''),
  );
}
