// Breaks the sources on purpose, one place at a time, and looks whether the tests notice.
//
//   npm run test:breakages                  goes on where it stopped; takes an hour in all
//   node scripts/breakages.mjs --named      only with the tests that should catch each
//   node scripts/breakages.mjs --only TEXT  only those whose name or file matches TEXT
//   node scripts/breakages.mjs --again      forgets what earlier runs found
//
// scripts/breakages/ holds the list: an edit of one file, and the tests that should catch it, the likeliest
// first. Only if those pass, the whole suite runs. Tests that fail without any breakage catch nothing. A
// breakage that does not compile, or whose text is not found, is invalid. Exit code 1 if less than 95 % are
// caught, or any is invalid.
//
// All happens in a copy of the checkout. What was found is kept in .breakages.json, and stays good as long as
// the breakage, the file and its tests are what they were.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listed } from './breakages/listed.mjs';
import { copyCheckout } from './breakages/workshop.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stateFile = join(root, '.breakages.json');
const least = 0.95;

const args = process.argv.slice(2);
const isNamed = args.includes('--named');
const only = new RegExp(args.includes('--only') ? args[args.indexOf('--only') + 1] : '');
const breakages = listed.filter(({ name, file }) => only.test(name) || only.test(file));

if (args.includes('--again')) rmSync(stateFile, { force: true });
const load = () => (existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {});
const found = load();

/** Changes whenever the breakage, its file or its tests do. */
function keyOf({ file, from, to, tests }) {
  const hash = createHash('sha256').update(JSON.stringify([from, to]));
  for (const path of [file, ...tests.map(testFile)]) hash.update(readFileSync(join(root, path)));
  return `${file} ${hash.digest('hex').slice(0, 16)}`;
}

const testFile = (name) => `test/${name}.test.ts`;

const known = (breakage) => {
  const result = found[keyOf(breakage)];
  // Without the whole suite, it is not known yet whether a survivor survives.
  return result?.what === 'unnoticed' && !isNamed ? undefined : result;
};

/** Whether a test file passes as it is, as far as that was tried. */
const sound = new Map();
const unsound = () => [...sound].filter(([, passes]) => !passes).map(([file]) => file);

const open = breakages.filter((breakage) => !known(breakage));
const words = { caught: 'caught', suite: 'caught by the suite', unnoticed: 'not by its tests' };
const show = ({ what, seconds, by }, { name }) => {
  const text = `${(words[what] ?? what).padEnd(20)} ${`${seconds} s`.padStart(6)}  ${name}`;
  console.log(by ? `${text}  [${by}]` : text);
};

if (open.length > 0) {
  const keys = new Map(open.map((breakage) => [breakage, keyOf(breakage)]));
  const workshop = await copyCheckout(root);
  const intact = await copyCheckout(root);
  try {
    console.log(`${open.length} of ${breakages.length} to try`);
    for (const breakage of open) {
      const begun = performance.now();
      // Of the files as they are now: they may be edited meanwhile.
      const key = keys.get(breakage);
      const result = await attempt(workshop, intact, breakage);
      result.seconds = Math.round((performance.now() - begun) / 1000);
      // Others may run beside this one, with another --only.
      Object.assign(found, load(), { [key]: { ...result, name: breakage.name } });
      writeFileSync(stateFile, `${JSON.stringify(found, null, 2)}\n`);
      show(result, breakage);
    }
  } finally {
    workshop.end();
    intact.end();
  }
}

/** Breaks, builds, tests and mends. */
async function attempt(workshop, intact, { file, from, to, tests }) {
  const wrong = await workshop.apply(file, from, to);
  try {
    if (wrong) return { what: 'INVALID', by: wrong };
    const [first, ...others] = tests.map(testFile);
    // Most are caught by the first.
    for (const files of [[first], others]) {
      const by = files.length > 0 && (await catches(workshop, intact, files));
      if (by) return { what: 'caught', by };
    }
    if (isNamed) return { what: 'unnoticed' };
    const by = await catches(workshop, intact, []);
    return by ? { what: 'suite', by } : { what: 'SURVIVED' };
  } finally {
    workshop.mend();
  }
}

/**
 * The test that fails because of the breakage: not without it. Undefined: none does. No files: all of them.
 */
async function catches(workshop, intact, files) {
  for (;;) {
    const left = files.filter((file) => sound.get(file) !== false);
    if (files.length > 0 && left.length === 0) return undefined;
    const { failed, by, file } = await workshop.test(left, files.length > 0 ? [] : unsound());
    if (!failed) return undefined;
    if (file === undefined) return by;
    if (!sound.has(file)) sound.set(file, !(await intact.test([file])).failed);
    if (sound.get(file)) return by;
    console.log(`  fails without any breakage, and is left out: ${file}`);
  }
}

const results = breakages.map((breakage) => ({ breakage, ...known(breakage) }));
const count = (what) => results.filter((result) => result.what === what).length;
const caught = count('caught') + count('suite');
console.log(
  `${caught} of ${results.length} caught (${((100 * caught) / results.length).toFixed(1)} %), ` +
    `${count('caught')} by the tests that were named; ${count('INVALID')} invalid`,
);
for (const { breakage, what, by } of results) {
  if (what === 'caught') continue;
  console.log(`  ${words[what] ?? what}: ${breakage.name} (${breakage.file})${by ? `  [${by}]` : ''}`);
}
const isGood = caught >= least * results.length && count('INVALID') === 0 && unsound().length === 0;
process.exitCode = isGood ? 0 : 1;
