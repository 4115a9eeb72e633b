/** The assets inside each page: styles, the chart library uPlot with its notice, the program that draws. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Assets {
  style: string;
  program: { library: string; charts: string };
  /** The licence of the library. */
  notice: string;
}

/** Reads the assets. The build puts our own into dist/src/report/browser/. */
export function assets(): Assets {
  const library = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const ofLibrary = (...path: string[]) => readFileSync(join(library, ...path), 'utf8');
  const own = (file: string) => readFileSync(new URL(`../browser/${file}`, import.meta.url), 'utf8');
  return {
    style: `${ofLibrary('dist', 'uPlot.min.css')}\n${own('page.css')}`,
    program: { library: ofLibrary('dist', 'uPlot.iife.min.js'), charts: own('draw-charts.js') },
    notice: `uPlot, which draws the charts of this page:\n\n${ofLibrary('LICENSE')}`,
  };
}
