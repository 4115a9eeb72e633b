// Makes one program of what an exported ES module does (src/export/js/predictor.ts) and of all that it
// imports, for Node and browsers: dist/src/export/js/program.js. `train export --format js` puts the numbers
// of a network behind it.
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { notices } from './notices.mjs';

/** @param folder the new dist/ */
export async function bundlePredictor(folder) {
  // Loaded late, because a build that has nothing to do does not need it.
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(folder, 'src/export/js/predictor.js'),
    platform: 'browser',
    plugins: [browserTwins(folder)],
  });
  try {
    const { output } = await bundle.generate({ format: 'iife', name: 'lockstepProgram', minify: true });
    const [{ code, imports, moduleIds }] = output;
    const node = code.match(/["'`]node:\w+/);
    if (output.length !== 1 || imports.length > 0 || node) {
      throw new Error(
        `program.js: expected one file without imports, got ${node?.[0] ?? imports.join(', ')}`,
      );
    }
    writeFileSync(join(folder, 'src/export/js/program.js'), `${notices(moduleIds)}${code.trim()}\n`);
  } finally {
    await bundle.close();
  }
}

/** platform/browser/ replaces the files of its names in platform/, as package.json says of dist/. */
function browserTwins(folder) {
  const platform = join(folder, 'src/platform');
  return {
    name: 'browser-twins',
    resolveId(source, importer) {
      if (!importer || !source.startsWith('.')) return null;
      const path = resolve(dirname(importer), source);
      const twin = join(platform, 'browser', basename(path));
      return dirname(path) === platform && existsSync(twin) ? twin : null;
    },
  };
}
