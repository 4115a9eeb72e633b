// Unrolls loops of the kernels. AssemblyScript has no macros, and V8 repeats the body of a small loop at most
// four times, although eight are sometimes faster.

/**
 * Writes the lines between `// repeat: k = 0 to 7` and `// end of repeat` eight times, with 0 to 7 in place
 * of k. The line number of a compiler's error counts the written lines.
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
