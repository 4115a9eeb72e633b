// The facts about the machine that figures depend on, to be kept beside them.
import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { availableCores } from '../../dist/src/platform/cores.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function machineFacts() {
  return {
    processor: cpus()[0]?.model ?? 'unknown processor',
    cores: availableCores(),
    gigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    commit: commitOf(root),
    /** The load of the last minute, before the bench. */
    load: loadNow(),
  };
}

export function loadNow() {
  return Number(loadavg()[0].toFixed(2));
}

export function machineLine({ processor, cores, gigabytes, system, node, commit, load }) {
  const facts = [`${processor}, ${cores} cores, ${gigabytes} GiB`, system, `Node ${node}`, `load ${load}`];
  return [...facts, ...(commit ? [`commit ${commit}`] : [])].join(' · ');
}

/** The commit of a checkout, with a `+` where files were changed since; undefined outside a checkout. */
export function commitOf(folder) {
  const git = (...args) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'workers') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return undefined;
  }
}
