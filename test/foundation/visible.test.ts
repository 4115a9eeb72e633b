import { expect, test } from 'vitest';
import { forTerminal, visible } from '#lockstep/foundation/visible.js';
import { html } from '#lockstep/report/page/markup.js';

const [esc, bell] = [String.fromCharCode(27), String.fromCharCode(7)];

test.each([
  [`a${esc}[2Jb`, 'a\\u001b[2Jb'],
  [`${esc}]0;title${bell}`, '\\u001b]0;title\\u0007'],
  ['\u202eexe.csv', '\\u202eexe.csv'],
  ['a\0b', 'a\\u0000b'],
  ['a\nb\tc', 'a\nb\tc'],
  ['a\rb', 'a\\u000db'],
  ['\u009b31m', '\\u009b31m'],
  ['Größe 数字 ━', 'Größe 数字 ━'],
])('%j reaches no terminal raw', (text, shown) => {
  expect(forTerminal(text)).toBe(shown);
});

test('our own colours and cursor moves pass', () => {
  for (const own of [`${esc}[31mred${esc}[39m`, `\r${esc}[K`, `${esc}[1A${esc}[2K\r`]) {
    expect(forTerminal(own)).toBe(own);
  }
});

test('line feeds are shown in a name', () => {
  expect(visible('a\nb')).toBe('a\\u000ab');
});

test('nor a page', () => {
  expect(html`<p>${`x${esc}[2J\u202e<`}</p>`.text).toBe('<p>x\\u001b[2J\\u202e&lt;</p>');
});
