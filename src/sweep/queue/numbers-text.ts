/**
 * Plain values as JSON that comes back to the bit. JSON itself has no NaN and no infinity, and writes -0 as
 * 0; here each of them is an object of one key.
 */

const mark = '$number';

export function asText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))
      ? { [mark]: Object.is(part, -0) ? '-0' : String(part) }
      : part,
  );
}

/** The inverse. Throws a SyntaxError for what is no JSON. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, mark)) return part;
    return Number((part as { [mark]: string })[mark]);
  });
}
