// What test:slurm needs of the machine, and the packages of npm.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, root, run } from '../outside.mjs';

/** Programs, or files, and the packages of Debian that have them. */
const needs = [
  ['slurmctld', 'slurm-wlm'],
  ['slurmd', 'slurm-wlm'],
  ['munged', 'munge'],
  ['mpirun', 'openmpi-bin'],
  ['redis-server', 'redis-server'],
];

const has = (program) => run('sh', ['-c', `command -v ${program}`], {}).status === 0;
/** Whether Slurm can load the plugin: it needs libpmix.so, which Debian has in libpmix-dev. */
const hasPmix = () => run('sh', ['-c', 'ls /usr/lib/*/pmix2/lib/libpmix.so'], {}).status === 0;

function missing() {
  const packages = needs.filter(([program]) => !has(program)).map(([, name]) => name);
  if (has('dpkg') && !hasPmix()) packages.push('libpmix-dev');
  return [...new Set(packages)];
}

/** Installs what is missing, or says what to install and ends. */
export function prepare() {
  const packages = missing();
  if (packages.length > 0) {
    if (process.getuid() !== 0 || !has('apt-get')) {
      console.error(`test:slurm: expected Slurm, MPI and Redis, got none of ${packages.join(', ')};`);
      console.error(`as root: apt-get install --no-install-recommends ${packages.join(' ')}`);
      process.exit(2);
    }
    console.log(`installing ${packages.join(', ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    mustRun('apt-get', ['update', '-qq'], { env });
    mustRun('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
  }
  const queue = join(root, 'scripts/queue');
  if (!existsSync(join(queue, 'node_modules/.package-lock.json'))) {
    console.log('installing bullmq and ioredis into scripts/queue/node_modules, without their scripts');
    const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
    mustRun('npm', ['ci', '--ignore-scripts', ...quietly], { cwd: queue, env: process.env });
  }
}
