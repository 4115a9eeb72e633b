/**
 * Protocol buffers, as far as event files need them: a message is a run of fields, each a number, a kind and
 * a value (https://protobuf.dev/programming-guides/encoding). Messages are made as bytes; nothing reads them.
 */

/** The field of a double. */
export function double(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joined(tag(field, 1), bytes);
}

/** The field of a float32. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined(tag(field, 5), bytes);
}

/** The field of a count, an enumeration or a boolean: an integer from 0 to 2^53 - 1. */
export function integer(field: number, value: number): Uint8Array {
  return joined(tag(field, 0), varint(value));
}

/** The field of a text. */
export function text(field: number, value: string): Uint8Array {
  return message(field, new TextEncoder().encode(value));
}

/** The field of a message with these fields, or of bytes. */
export function message(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  return joined(tag(field, 2), varint(content.length), content);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const tag = (field: number, wire: number) => varint(field * 8 + wire);

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
