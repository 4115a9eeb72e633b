/**
 * Protocol Buffers as bytes, as far as ONNX needs them: https://protobuf.dev/programming-guides/encoding/
 *
 * A message is a list of fields. A field begins with its number and the kind of what follows: a varint (0),
 * a length and so many bytes (2), or four bytes (5). Writing needs no more than this file; so the package
 * does without a library for it, which is made for reading, and for schemas that are known at run time only.
 */

/** The fields of a message, one after the other. Large pieces are passed on, not copied. */
export type Message = readonly Uint8Array[];

export const byteLength = (message: Message) => message.reduce((sum, piece) => sum + piece.length, 0);

/** Base-128, the lowest seven bits first. A negative number is taken for one of 64 bits. */
function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

const key = (field: number, kind: 0 | 2 | 5) => varint(field * 8 + kind);

/** A whole number: int32, int64, or an enumeration. */
export function whole(field: number, value: number | bigint): Message {
  return [Uint8Array.from([...key(field, 0), ...varint(value)])];
}

/** A float32. */
export function single(field: number, value: number): Message {
  const bytes = new Uint8Array([...key(field, 5), 0, 0, 0, 0]);
  new DataView(bytes.buffer).setFloat32(bytes.length - 4, value, true);
  return [bytes];
}

export function bytes(field: number, value: Uint8Array): Message {
  return [Uint8Array.from([...key(field, 2), ...varint(value.length)]), value];
}

/** A text, as UTF-8. */
export function text(field: number, value: string): Message {
  return bytes(field, new TextEncoder().encode(value));
}

/** A message within a message. */
export function message(field: number, ...parts: readonly Message[]): Message {
  const inner = parts.flat();
  return [Uint8Array.from([...key(field, 2), ...varint(byteLength(inner))]), ...inner];
}
