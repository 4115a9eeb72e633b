/** Pictures in files of the reader's own: opened, and saved. */
import type { Pixels } from './strokes.ts';

/** The longest side that is read; larger ones are made smaller. */
const longest = 2000;

/** Reads a picture of any format that the browser knows, with the colours that the file has. */
export async function openedPicture(file: File): Promise<Pixels> {
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
  const bitmap = await createImageBitmap(file, options).catch(() => {
    throw new Error('expected a picture that this browser can read, such as PNG or JPEG');
  });
  const scale = Math.min(1, longest / Math.max(bitmap.height, bitmap.width));
  const [height, width] = [bitmap.height, bitmap.width].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { height, width });
  const context = canvas.getContext('2d')!;
  context.drawImage(bitmap, 0, 0, width!, height!);
  const { data } = context.getImageData(0, 0, width!, height!);
  return { height: height!, width: width!, rgba: data as Pixels['rgba'] };
}

/** Gives the reader a PNG file of these pixels. */
export function savePicture({ height, width, rgba }: Pixels, name: string): void {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { height, width });
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
  canvas.toBlob((blob) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob!);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }, 'image/png');
}
