/** What reading changes in the pictures of a folder, for people. */
import type { PictureHeader, Shape } from '../pictures/picture.ts';

/** A picture whose header was read. */
export interface Listed {
  /** Path within the folder. */
  path: string;
  /** Index of its class. */
  label: number;
  header: PictureHeader;
}

/**
 * What was changed, a line each.
 *
 * @param coloured whether a picture has colours; undefined: the channels were given
 * @param transparent number of pictures that let something through
 */
export function changesOf(
  all: readonly Listed[],
  size: Shape,
  channels: number,
  coloured: boolean | undefined,
  transparent: number,
): string[] {
  const notes: string[] = [];
  const count = (which: (header: PictureHeader) => boolean) =>
    all.filter(({ header }) => which(header)).length;
  const of = (some: number) =>
    some === all.length ? `all ${some} pictures` : `${some} of ${all.length} pictures`;
  const other = all.filter(({ header }) => header.height !== size.height || header.width !== size.width);
  if (other.length > 0) {
    const sorted = other
      .map(({ header }) => header)
      .sort((a, b) => a.height * a.width - b.height * b.width || a.height - b.height);
    const text = ({ height, width }: Shape) => `${height} x ${width}`;
    const [least, most] = [text(sorted[0]!), text(sorted.at(-1)!)];
    const from = least === most ? least : `${least} to ${most}`;
    notes.push(`${of(other.length)} resized to ${text(size)}, from ${from}`);
  }
  const turned = count(({ orientation }) => orientation !== 1);
  if (turned > 0) notes.push(`${of(turned)} turned upright, as EXIF says`);
  const deep = count(({ depth }) => depth === 16);
  if (deep > 0) notes.push(`${of(deep)} of 16 bits: 0-65535 scaled to 0-255`);
  if (transparent > 0) notes.push(`${of(transparent)} transparent: laid over white`);
  const colour = count(({ colour }) => colour);
  if (coloured === false && colour > 0)
    notes.push(`${of(colour)} have room for colours and hold greys: read as grey`);
  if (coloured && colour < all.length)
    notes.push(`${of(all.length - colour)} grey: read as colours, like the others`);
  if (coloured === undefined && channels === 1 && colour > 0)
    notes.push(`${of(colour)} turned from colour to grey`);
  return notes;
}
