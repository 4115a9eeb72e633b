/** The assets inside each page: styles, and programs, which have the chart library uPlot in them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { html, type Markup, raw } from './markup.ts';

/** The programs that the build makes of the files of these names in src/report/browser/. */
export type Program = 'page' | 'live' | 'try';

const library = () => dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
const ofLibrary = (...path: string[]) => readFileSync(join(library(), ...path), 'utf8');
const own = (file: string) => readFileSync(new URL(`../browser/${file}`, import.meta.url), 'utf8');

/** The styles of every page. */
export function style(): string {
  return `${ofLibrary('dist', 'uPlot.min.css')}\n${own('page.css')}`;
}

/** The styles of the part on which a network is tried. */
export function tryStyle(): string {
  return own('try.css');
}

/** The styles of feature maps. */
export function mapStyle(): string {
  return own('maps.css');
}

/** The program and the kernels by which a page predicts, each as it stands in a page. */
export function portableProgram(): { program: string; kernels: string } {
  const at = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url));
  return {
    program: at('training/portable/page-program.js').toString(),
    kernels: at('kernels/kernels.wasm').toString('base64'),
  };
}

/** The element with a program, and the licence of the library in it. */
export function programElement(name: Program): Markup {
  const notice = html`<!--
${raw(`uPlot, which draws the charts of this page:\n\n${ofLibrary('LICENSE')}`)}-->
`;
  return html`${name === 'try' ? undefined : notice}<script type="module">
${raw(own(`${name}.bundle.js`))}</script>
`;
}
