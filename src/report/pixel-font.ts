/**
 * A few letters of 5 x 7 pixels, to label pictures that this program draws. A PNG holds no text, and fonts
 * differ between machines.
 */

/** Rows of a glyph from the top, the leftmost pixel in the highest of five bits. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  ' ': [0, 0, 0, 0, 0, 0, 0],
  '#': [10, 10, 31, 10, 31, 10, 10],
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  a: [0, 0, 14, 1, 15, 17, 15],
  c: [0, 0, 14, 16, 16, 17, 14],
  e: [0, 0, 14, 17, 31, 16, 14],
  g: [0, 0, 15, 17, 15, 1, 14],
  h: [16, 16, 22, 25, 17, 17, 17],
  i: [4, 0, 12, 4, 4, 4, 14],
  l: [12, 4, 4, 4, 4, 4, 14],
  n: [0, 0, 22, 25, 17, 17, 17],
  o: [0, 0, 14, 17, 17, 17, 14],
  p: [0, 0, 30, 17, 30, 16, 16],
  r: [0, 0, 22, 25, 16, 16, 16],
  s: [0, 0, 14, 16, 14, 1, 30],
};

const advance = 6;
export const glyphHeight = 7;

/** Width of a text in pixels. */
export const textWidth = (text: string, scale: number) => (text.length * advance - 1) * scale;

/** Calls `ink` for each pixel that the text covers. All of its letters must be among the glyphs. */
export function drawText(text: string, scale: number, ink: (x: number, y: number) => void): void {
  for (const [i, letter] of [...text].entries()) {
    const rows = glyphs[letter]!;
    for (let y = 0; y < glyphHeight * scale; y++) {
      for (let x = 0; x < 5 * scale; x++) {
        const bit = 4 - Math.floor(x / scale);
        if ((rows[Math.floor(y / scale)]! >> bit) & 1) ink(i * advance * scale + x, y);
      }
    }
  }
}
