// Starts ranks with the launchers of this machine.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = join(root, 'dist/src/cli/main.js');
const own = fileURLToPath(new URL('.', import.meta.url));

/** The launchers that are here, by the family of their MPI. */
export function findLaunchers() {
  const found = new Map();
  for (const command of ['mpirun.openmpi', 'mpirun.mpich', 'mpiexec.hydra', 'mpirun']) {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status !== 0) continue;
    const family = /open mpi|open-?rte/i.test(stdout)
      ? 'Open MPI'
      : /hydra/i.test(stdout)
        ? 'MPICH'
        : undefined;
    if (family && !found.has(family)) found.set(family, command);
  }
  return found;
}

/** The environment in which Lockstep finds koffi: that of this checkout, or one that is installed here. */
export function environment() {
  const env = { ...process.env };
  try {
    createRequire(program).resolve('koffi');
  } catch {
    if (!existsSync(join(own, 'node_modules/koffi'))) {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
        cwd: own,
        stdio: 'inherit',
      });
    }
    env.NODE_PATH = [join(own, 'node_modules'), env.NODE_PATH].filter(Boolean).join(delimiter);
  }
  return env;
}

/** The words of a command that starts so many ranks of a program. */
export function commandOf(family, command, ranks, args) {
  const openMpi = ['--oversubscribe', ...(process.getuid() === 0 ? ['--allow-run-as-root'] : [])];
  return [command, ...(family === 'Open MPI' ? openMpi : []), '-n', String(ranks), process.execPath, ...args];
}

/** Starts a command. `ended` resolves to its exit code and what it said. */
export function start([command, ...args], { cwd, env }) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, out, err })),
  );
  return { child, ended, said: () => out + err };
}

/** The processes whose command line has these words, by rank: those of Node, not their launcher. */
export function ranksOf(...marks) {
  const found = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (args[0] !== process.execPath || !marks.every((mark) => args.includes(mark))) continue;
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
      const [, rank] = /(?:^|\0)(?:OMPI_COMM_WORLD_RANK|PMI_RANK)=(\d+)/.exec(env) ?? [];
      if (rank !== undefined) found.push({ pid: Number(pid), rank: Number(rank) });
    } catch {
      // It has ended.
    }
  }
  return found.sort((a, b) => a.rank - b.rank);
}
