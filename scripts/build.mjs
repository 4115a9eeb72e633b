// Builds dist/: the WebAssembly kernels, the TypeScript, and what is made from both.
//
//   node scripts/build.mjs           does nothing where dist/ is that of the sources already
//   node scripts/build.mjs --force   builds in any case
//
// All is made in a folder beside dist/, which then takes its place (swap.mjs). A training that runs from
// dist/ meanwhile finds every file, and where nothing has changed its files stay the very same: that is why a
// build does nothing when it can, beside the ten seconds.
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkCommands } from './commands.mjs';
import { isFresh, sourcesDigest, writeStamp } from './freshness.mjs';
import { BuildError, compileKernels } from './kernels.mjs';
import { beginFolder, discard, swapIn, tidyUp } from './swap.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

/** What makes the new folder, in this order. */
const steps = {
  listKinds,
  compileKernels: (folder) => compileKernels(root, folder),
  compileProgram,
  writeValidators,
  compilePages,
  bundlePages,
  bundlePredictor,
};

try {
  tidyUp(root);
  const sources = sourcesDigest(root);
  if (process.argv.includes('--force') || !isFresh(dist, sources)) await build(sources);
  linkCommands(root);
} catch (error) {
  const missing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(error.code);
  if (!missing && !(error instanceof BuildError)) throw error;
  const [line] = error.message.split('\n');
  console.error(missing ? `build: expected what \`npm ci\` installs, got: ${line}` : `build: ${line}`);
  process.exitCode = 1;
}

async function build(sources) {
  console.error('building Lockstep, some ten seconds ...');
  const folder = beginFolder(root);
  try {
    for (const step of Object.values(steps)) await step(folder);
    writeStamp(folder, sources);
    swapIn(root, folder);
  } finally {
    discard(folder);
  }
}

/** src/model/catalogue.generated.ts, which is not in git. */
async function listKinds() {
  await import('./catalogue.mjs');
}

function compileProgram(folder) {
  compile('.', folder);
}

async function writeValidators(folder) {
  const { writeValidators: write } = await import('./validators.mjs');
  await write(folder);
}

/** What pages carry with them: programs and style sheets for browsers. */
function compilePages(folder) {
  compile('src/report/browser', folder);
  for (const name of ['page.css', 'try.css', 'maps.css']) {
    copyFileSync(join(root, 'src/report/browser', name), join(folder, 'src/report/browser', name));
  }
}

/** Each program of a page as one file. */
async function bundlePages(folder) {
  const { bundlePages: bundle } = await import('./page-programs.mjs');
  await bundle(folder);
}

/** The program of exported ES modules. */
async function bundlePredictor(folder) {
  const { bundlePredictor: bundle } = await import('./predictor.mjs');
  await bundle(folder);
}

/** Compiles a TypeScript project into the folder. */
function compile(project, folder) {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const args = [tsc, '-p', project, '--outDir', folder];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new BuildError('TypeScript did not compile; dist/ stays as it was');
}
