// Makes one file of each program of a page and of all that it imports, for browsers:
// dist/src/report/browser/NAME.bundle.js.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of src/report/browser/. What they export is in the bundle for nobody: they act. */
const programs = ['page', 'live', 'try'];

/** @param folder the new dist/ */
export async function bundlePages(folder) {
  // Loaded late, because a build that has nothing to do does not need it.
  const { rolldown } = await import('rolldown');
  for (const name of programs) {
    const file = join(folder, 'src/report/browser', name);
    const bundle = await rolldown({ input: `${file}.js`, platform: 'browser' });
    try {
      const { output } = await bundle.generate({ format: 'iife', minify: true });
      const [{ code, imports }] = output;
      if (output.length !== 1 || imports.length > 0 || code.includes('</script')) {
        throw new Error(`${name}.bundle.js: expected one file without imports, that can stand in a page`);
      }
      writeFileSync(`${file}.bundle.js`, `${code.trim()}\n`);
    } finally {
      await bundle.close();
    }
  }
}
