// What scripts need that try the project as a stranger does: in a folder and an npm cache of their own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const shell = process.platform === 'win32';

/**
 * A temporary folder, with an npm cache in it, which goes when this process ends.
 *
 * @returns the folder, and the environment of a terminal there: nothing of what `npm run` tells its children
 */
export function outside(purpose) {
  const folder = mkdtempSync(join(tmpdir(), `lockstep-${purpose}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/.test(name)),
  );
  const ours = join('node_modules', '.bin');
  env.PATH = env.PATH.split(delimiter)
    .filter((path) => !path.endsWith(ours))
    .join(delimiter);
  env.NO_COLOR = '1';
  for (const [name, value] of Object.entries({
    cache: join(folder, 'npm-cache'),
    audit: 'false',
    fund: 'false',
    update_notifier: 'false',
  })) {
    env[`npm_config_${name}`] = value;
  }
  return { folder, env };
}

/** Puts this version of npm at the head of the environment's path; returns its full version. */
export function takeNpm(version, { folder, env }) {
  if (version) {
    const own = join(folder, 'npm');
    mkdirSync(own);
    mustRun('npm', ['install', '--prefix', own, `npm@${version}`], { cwd: folder, env });
    env.PATH = `${join(own, 'node_modules/.bin')}${delimiter}${env.PATH}`;
  }
  return mustRun('npm', ['--version'], { cwd: folder, env }).trim();
}

/** Runs a program to its end. @returns its exit status, and what it wrote */
export function run(program, args, { cwd, env, seconds = 300 }) {
  const options = {
    cwd,
    env,
    shell,
    encoding: 'utf8',
    timeout: seconds * 1000,
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  return { status, stdout: stdout ?? '', stderr: stderr || error?.message || '' };
}

/** Runs a program that has to succeed. @returns its stdout */
export function mustRun(program, args, options) {
  const { status, stdout, stderr } = run(program, args, options);
  if (status === 0) return stdout;
  throw new Error(
    `${[program, ...args].join(' ')}: expected exit status 0, got ${status}\n${stderr || stdout}`,
  );
}

/** Installs this Node.js from npm. Returns its full version, and an environment that has it first. */
export function takeNode(version, { folder, env }) {
  const platform = { win32: 'win', darwin: 'darwin' }[process.platform] ?? process.platform;
  const name = `node-${platform}-${process.arch}`;
  const own = join(folder, `node-${version}`);
  mkdirSync(own);
  mustRun('npm', ['install', '--prefix', own, '--ignore-scripts', `${name}@${version}`], { cwd: own, env });
  const bin = join(own, 'node_modules', name, 'bin');
  const withIt = { ...env, PATH: `${bin}${delimiter}${env.PATH}` };
  return { env: withIt, version: mustRun('node', ['--version'], { cwd: own, env: withIt }).trim() };
}
