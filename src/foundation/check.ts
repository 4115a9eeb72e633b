/**
 * Checks of the arguments of public functions: `label: expected A, got B`, a TypeError for a wrong kind and a
 * RangeError for a wrong value. (A mistake in a file or on the command line is a LockstepError.)
 */

/** A value in an error message, in a few characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (ArrayBuffer.isView(value)) return `${kindOf(value)} of ${(value as { length?: number }).length ?? 0}`;
  if (Array.isArray(value) && value.length > 8) return `an array of ${value.length}`;
  const text = plainText(value);
  if (text === undefined) return `an object ${kindOf(value)}`;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && !['Object', 'Array'].includes(kindOf(value)))
    return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The name of a value's class: `Float32Array`. */
function kindOf(value: unknown): string {
  return (value as object | null)?.constructor?.name || 'Object';
}

export function wrongKind(label: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${label}: expected ${expected}, got ${shown(got)}`);
}

export function wrongValue(label: string, expected: string, got: unknown): RangeError {
  return new RangeError(`${label}: expected ${expected}, got ${shown(got)}`);
}

/** A whole number within these bounds. */
export function checkWhole(label: string, value: unknown, least: number, most: number): number {
  const expected = `a whole number from ${least} to ${most}`;
  if (typeof value !== 'number') throw wrongKind(label, expected, value);
  if (!Number.isInteger(value) || value < least || value > most) throw wrongValue(label, expected, value);
  return value;
}

/** An object that is no array. */
export function checkObject(label: string, value: unknown, expected: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongKind(label, expected, value);
  return value as Record<string, unknown>;
}

export function checkText(label: string, value: unknown, expected = 'text'): string {
  if (typeof value !== 'string') throw wrongKind(label, expected, value);
  return value;
}

export function checkBytes(label: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return value as Uint8Array;
  throw wrongKind(label, 'bytes (a Uint8Array)', value);
}

/** Options: an object, or nothing. All keys must be known. */
export function checkOptions(label: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return;
  const strange = Object.keys(checkObject(label, value, 'an object of options')).find(
    (key) => !known.includes(key),
  );
  if (strange === undefined) return;
  throw new RangeError(`${label}: expected only ${known.join(', ')}, got ${JSON.stringify(strange)}`);
}
