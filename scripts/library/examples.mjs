// The examples of docs/library.md as programs: each in a folder of its own, with this package beside it as a
// stranger has it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '../..');
const execute = promisify(execFile);
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** All examples, in their order. */
export async function readExamples() {
  const text = await readFile(join(root, 'docs/library.md'), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  return sections.map((section) => {
    const [, number, title] = /^(\d+)\. (.*)$/m.exec(section);
    // A block after the name of a file is that file; the last one is the program.
    const blocks = [...section.matchAll(/(?:^`([\w.-]+)`\n\n)?^```(ts|js)\n([\s\S]*?)^```$/gm)];
    const files = blocks.map(([, name, language, code]) => ({ name, language, code }));
    const browser = title === 'In a browser';
    const common = title === 'CommonJS';
    return { number: Number(number), title, files, browser, common };
  });
}

/** A new folder with a package of somebody else, which depends on this one. */
export async function elsewhere() {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-examples-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/lockstep'), 'junction');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}

/** Writes them all, and compiles those in TypeScript. Adds `run` to each, and returns the folder. */
export async function prepareExamples(examples) {
  const folder = await elsewhere();
  const typed = [];
  for (const example of examples) {
    const place = join(folder, String(example.number));
    await mkdir(place);
    for (const { name, language, code } of example.files) {
      const file = name ?? `main.${language === 'ts' ? 'ts' : example.common ? 'cjs' : 'js'}`;
      await writeFile(join(place, file), code);
      if (language === 'ts') typed.push(join(place, file));
    }
    if (example.browser) await bundle(place);
    const main = example.browser ? 'page.js' : example.common ? 'main.cjs' : 'main.js';
    example.run = async (node) => {
      // A run's folder must be new.
      await rm(join(place, 'runs'), { recursive: true, force: true });
      return execute(node, [main], { cwd: place });
    };
  }
  await compile(folder, typed);
  return folder;
}

/** Compiles TypeScript as a strict stranger would. */
export async function compile(folder, files) {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    preserveSymlinks: true,
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await execute(process.execPath, [tsc, '-p', '.'], { cwd: folder }).catch(({ stdout }) => {
    throw new Error(stdout);
  });
}

/** Bundles main.js for a page, and writes a program that calls it, and the same in Node. */
async function bundle(place) {
  const page = await rolldown({ cwd: place, input: 'main.js', platform: 'browser' });
  await page.write({ file: join(place, 'bundle.js'), format: 'esm' });
  await page.close();
  const lines = [
    "import { readFileSync } from 'node:fs';",
    "import { createRequire } from 'node:module';",
    "import { trainHere } from './bundle.js';",
    "import { trainHere as inNode } from './main.js';",
    "const kernels = readFileSync(createRequire(import.meta.url).resolve('lockstep/kernels.wasm'));",
    'const here = await trainHere(kernels);',
    'console.log(JSON.stringify(here), (await inNode(kernels)).weightsSha256);',
  ];
  await writeFile(join(place, 'page.js'), `${lines.join('\n')}\n`);
}
