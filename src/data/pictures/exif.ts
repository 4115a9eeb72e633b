/**
 * The orientation of a camera, as EXIF tells it.
 * https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf
 */

/** The tag of the orientation. */
const orientationTag = 0x0112;

/**
 * The orientation, 1 to 8, in a segment APP1. Undefined if the segment holds none; a value that does not
 * exist counts as none, as other programs take it.
 */
export function orientationOf(segment: Uint8Array): number | undefined {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (segment.length < 14 || String.fromCharCode(...segment.subarray(0, 6)) !== 'Exif\0\0') return undefined;
  const order = view.getUint16(6);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const first = 6 + view.getUint32(10, little);
  if (first + 2 > segment.length) return undefined;
  const count = view.getUint16(first, little);
  for (let i = 0; i < count; i++) {
    const entry = first + 2 + 12 * i;
    if (entry + 12 > segment.length) return undefined;
    if (view.getUint16(entry, little) !== orientationTag) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
