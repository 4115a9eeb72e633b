// Makes one program of what a network does outside of Lockstep (src/training/portable/) and of all that it
// imports, for Node and browsers. `train export --format js` puts the numbers of a network behind program.js;
// pages on which a network is tried carry page-program.js, which prepares pictures besides.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

const require = createRequire(import.meta.url);

/** Packages of others that are in the program, whose licences want to be told. */
const packages = { seedrandom: 'Copyright 2019 David Bau' };

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

/** A line for each package that is in the program. One that nobody has named here stops the build. */
function notices(moduleIds) {
  const names = moduleIds.map((file) => /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))]
    .map((name) => {
      const { license, author } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'));
      const whose = packages[name] ?? `Copyright ${author?.name ?? author}`;
      return `// It has parts of ${name}. ${whose}, licence ${license}.\n`;
    })
    .join('');
}
