// Makes one program of what a network does outside of Lockstep (src/training/portable/) and of all that it
// imports, for Node and browsers. `train export --format js` puts the numbers of a network behind program.js;
// pages on which a network is tried carry page-program.js, which prepares pictures besides.
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { notices } from './notices.mjs';

/** Each program, and the file of src/training/portable/ that it begins with. */
const programs = { program: 'predictor', 'page-program': 'for-pages' };

/** @param folder the new dist/ */
export async function bundlePredictor(folder) {
  for (const [name, entry] of Object.entries(programs)) await bundleProgram(folder, name, entry);
}

async function bundleProgram(folder, name, entry) {
  // Loaded late, because a build that has nothing to do does not need it.
  const { rolldown } = await import('rolldown');
  const at = join(folder, 'src/training/portable');
  const bundle = await rolldown({
    input: join(at, `${entry}.js`),
    platform: 'browser',
    plugins: [browserTwins(folder)],
  });
  try {
    const { output } = await bundle.generate({ format: 'iife', name: 'lockstepProgram', minify: true });
    const [{ code, imports, moduleIds }] = output;
    const node = code.match(/["'`]node:\w+/);
    if (output.length !== 1 || imports.length > 0 || node || /<\/script|<!--/i.test(code)) {
      const got = node?.[0] ?? imports.join(', ');
      throw new Error(`${name}.js: expected one file without imports that can stand in a page, got ${got}`);
    }
    writeFileSync(join(at, `${name}.js`), `${notices(moduleIds)}${code.trim()}\n`);
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
