/**
 * Text of files, names and options may hold characters that steer a terminal or turn the order of letters.
 * They are shown as what they are, \u001b, instead of being obeyed.
 */

// Controls (C0, DEL, C1), marks and overrides of direction, separators of lines, and the mark of byte order.
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The text with such characters as escapes; a line feed and a tab stay if they are in `kept`. */
export function visible(text: string, kept = ''): string {
  return text.replace(unsafe, (character) =>
    kept.includes(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const esc = String.fromCharCode(27);

/** What our own lines hold: colours, and moves of the cursor in the lines that are redrawn. */
const ours = new RegExp(
  `(${esc}\\[(?:\\d{1,3}(?:;\\d{1,3})*)?m|${esc}\\[1A|${esc}\\[2?K|\\r(?=${esc}\\[K|$))`,
);

/** Text on its way to a terminal: our own sequences pass, and so do the characters in `kept`. */
export function forTerminal(text: string, kept = '\n\t'): string {
  return text
    .split(ours)
    .map((part, i) => (i % 2 === 1 ? part : visible(part, kept)))
    .join('');
}
