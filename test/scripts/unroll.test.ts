import { expect, test } from 'vitest';
import { unroll } from '../../scripts/unroll.mjs';

test('what is to be repeated is written so often, with a number in the place of its name', () => {
  const source = [
    'a(k);',
    '  // repeat: k = 0 to 2',
    '  b(k, 4 * k + kept);',
    '  // end of repeat',
    'c(k);',
    '',
  ].join('\n');
  const written = [
    'a(k);',
    '  b(0, 4 * 0 + kept);',
    '  b(1, 4 * 1 + kept);',
    '  b(2, 4 * 2 + kept);',
    'c(k);',
    '',
  ].join('\n');
  expect(unroll(source)).toBe(written);
});

test('two repeats of a file are written one by one, and everything else is left as it is', () => {
  const repeat = (name: string, line: string) => `// repeat: ${name} = 0 to 1\n${line}\n// end of repeat\n`;
  expect(unroll(`${repeat('i', 'x = i;')}y;\n${repeat('j', 'z = j;')}`)).toBe(
    'x = 0;\nx = 1;\ny;\nz = 0;\nz = 1;\n',
  );
  expect(unroll('// repeat nothing\nx;\n')).toBe('// repeat nothing\nx;\n');
});
