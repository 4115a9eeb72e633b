/** Reads pictures of all formats: PNG and JPEG, told by their first bytes and not by their names. */
import { checkText } from '../../foundation/check.ts';
import { readBytes } from '../../platform/files.ts';
import { didYouMean } from '../../platform/meant-path.ts';
import { decodeJpeg, isJpeg, jpegHeader } from './jpeg.ts';
import type { Picture, PictureHeader } from './picture.ts';
import { decodeWholePng, isPng, pngHeader } from './png.ts';
import { formatOf, unreadable } from './refuse.ts';

const expected = 'a PNG or JPEG image';

/** Reads a picture in its own size. Throws a LockstepError that names the file. */
export async function readPicture(file: string): Promise<Picture> {
  checkText('file', file, 'the path of a PNG or JPEG file');
  return decodePicture(await pictureBytes(file), file);
}

/** All bytes of the file of a picture. */
export async function pictureBytes(file: string): Promise<Uint8Array> {
  return readBytes(file).catch((error: NodeJS.ErrnoException) => {
    const got = error.code === 'ENOENT' ? 'no such file' : error.code === 'EISDIR' ? 'a folder' : error.code;
    throw unreadable(file, expected, `${got}`, error.code === 'ENOENT' ? didYouMean(file).hint : undefined);
  });
}

/** What a file says of its picture, by its first bytes. Undefined if they are too few to say. */
export function headerOf(bytes: Uint8Array, file: string): PictureHeader | undefined {
  if (isJpeg(bytes)) return jpegHeader(bytes, file);
  if (isPng(bytes)) return pngHeader(bytes, file);
  throw unreadable(file, expected, formatOf(bytes));
}

/** Decodes a picture in its own size, upright. `file` is its name, for messages. */
export async function decodePicture(bytes: Uint8Array, file: string): Promise<Picture> {
  if (isJpeg(bytes)) return decodeJpeg(bytes, file);
  if (isPng(bytes)) return decodeWholePng(bytes, file);
  throw unreadable(file, expected, formatOf(bytes));
}
