// Tries the package as its users get it: packed and installed in an empty folder, under several versions of
// Node.js; and installed from the folder of the checkout and from its git repository (the last commit), as
// the README says. Folders and npm cache are temporary; packages and versions of Node.js come from npm.
//
//   npm run test:package [-- --npm 10]
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { mustRun, outside, root, run, takeNode, takeNpm } from './outside.mjs';

const { values: given } = parseArgs({ options: { npm: { type: 'string' } } });
const place = outside('package');
const npm = takeNpm(given.npm, place);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The oldest and a newer one; 22.11 is the last that cannot require an ES module. */
const versions = ['20.19', '24', '22.11'];

let checks = 0;
let failures = 0;

/** Tells what was found to be so, or why not. */
function check(what, problem) {
  checks += 1;
  if (problem) failures += 1;
  console.log(problem ? `FAILED  ${what}: ${problem}` : `ok      ${what}`);
}

/** Runs a program; what it says has to fit, and it has to exit with this status. */
function expectRun(what, command, said, { status = 0, ...options }) {
  const result = run(command[0], command.slice(1), options);
  const text = result.stdout + result.stderr;
  const fits = result.status === status && said.test(text);
  check(what, fits ? undefined : `exit status ${result.status}, ${JSON.stringify(text.slice(0, 600))}`);
}

function emptyFolder(name) {
  const folder = join(place.folder, name);
  mkdirSync(folder);
  return folder;
}

/** Relative links of all pages lead to files of the package. */
function checkLinks(folder) {
  const pages = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.md'));
  const links = pages.flatMap((page) => {
    const prose = readFileSync(join(folder, page), 'utf8').replace(/^```.*?^```$/gms, '');
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ page, target }));
  });
  const within = links.filter(({ target }) => !/^(?:[a-z]+:|#)/.test(target));
  const dead = within
    .filter(({ page, target }) => !existsSync(join(folder, dirname(page), target.split('#')[0])))
    .map(({ page, target }) => `${page}: ${target}`);
  check(
    `${within.length} links in ${pages.length} pages lead into the package`,
    within.length === 0 ? 'no link was found' : dead.join(', '),
  );
}

console.log(`npm ${npm}: packing, and installing in an empty folder ...`);
mustRun('npm', ['pack', '--pack-destination', place.folder], { cwd: root, env: place.env });
const tarball = readdirSync(place.folder).find((file) => file.endsWith('.tgz'));
check('the name of the packed file', tarball === `lockstep-${version}.tgz` ? undefined : tarball);

const user = emptyFolder('user');
mustRun('npm', ['install', join(place.folder, tarball)], { cwd: user, env: place.env });
const installed = join(user, 'node_modules/lockstep');
checkLinks(installed);
const hidden = readdirSync(installed, { recursive: true }).filter((file) => basename(file).startsWith('.'));
check('no file of the build or of npm is packed', hidden.join(', '));

const library = createRequire(import.meta.url).resolve('typescript/package.json');
writeFileSync(
  join(user, 'typed.ts'),
  "import { type TrainEvent, threads, train } from 'lockstep';\n" +
    'const f: (e: TrainEvent) => string = (e) => e.kind;\nf; threads; train;\n',
);
expectRun(
  'TypeScript finds the types',
  [
    ...['node', join(dirname(library), 'bin/tsc'), 'typed.ts', '--noEmit', '--strict', '--target', 'es2023'],
    ...['--module', 'nodenext', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')],
  ],
  /^$/,
  { cwd: user, env: place.env },
);

for (const wanted of versions) {
  const { env, version: node } = takeNode(wanted, place);
  const options = { cwd: user, env };
  const whole = new RegExp(`^${version.replaceAll('.', '\\.')}\n$`);
  expectRun(`Node ${node}: npx lockstep --version`, ['npx', 'lockstep', '--version'], whole, options);
  expectRun(`Node ${node}: npx train --version`, ['npx', 'train', '--version'], whole, options);
  expectRun(`Node ${node}: npx train --dry-run`, ['npx', 'train', '--dry-run'], /^name: mnist$/m, options);
  const small = ['--epochs', '1', '--set', 'data.training=640', '--threads', '2', '--out', `run-${node}`];
  expectRun(`Node ${node}: a small training`, ['npx', 'train', ...small], /^test accuracy/m, options);
  const evaluate = (type, code) => ['node', `--input-type=${type}`, '-e', code];
  expectRun(
    `Node ${node}: import 'lockstep'`,
    evaluate('module', "import { train } from 'lockstep'; console.log(typeof train)"),
    /^function\n/,
    options,
  );
  const required = evaluate('commonjs', "console.log(typeof require('lockstep').train)");
  if (wanted === '22.11') {
    const line =
      /Error: lockstep: require\(\) needs Node 20\.19, 22\.12 or newer, got v22\.11\.0; write `await/;
    expectRun(`Node ${node}: require('lockstep') says what to do`, required, line, { ...options, status: 1 });
  } else {
    expectRun(`Node ${node}: require('lockstep')`, required, /^function\n/, options);
  }
}

for (const [how, spec] of [
  ['the folder', root],
  ['the git repository', `git+file://${root}`],
]) {
  const folder = emptyFolder(how.replaceAll(' ', '-'));
  const options = { cwd: folder, env: place.env };
  expectRun(`npm install from ${how}`, ['npm', 'install', spec], /added/, options);
  expectRun(`then npx train --dry-run`, ['npx', 'train', '--dry-run'], /^name: mnist$/m, options);
  expectRun(`then npx lockstep --version`, ['npx', 'lockstep', '--version'], /^\d/, options);
}

console.log(`package: ${checks} checks, ${failures} failed (${tarball}, npm ${npm})`);
process.exitCode = failures > 0 ? 1 : 0;
