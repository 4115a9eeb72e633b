// Runs the files of docs/schedulers on Slurm: a controller and two nodes of its own on the loopback address.
// All of it must come to the trials, digests and winner of one process.
//
//   npm run test:slurm [-- --only PATTERN] [--keep]
//
// It needs Debian's slurm-wlm, munge, openmpi-bin, redis-server and libpmix-dev, in which Slurm finds the
// libpmix.so that Open MPI wants. As root it installs those that are missing; nothing in /etc is read or
// written. BullMQ, ioredis and koffi go into scripts/queue and scripts/ranks. `--keep` keeps the folder.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { mustRun, outside, root, run } from './outside.mjs';
import { environment } from './ranks/launch.mjs';
import { writeInputs } from './slurm/inputs.mjs';
import { prepare } from './slurm/prepare.mjs';
import { linesIn, outcomeOf } from './sweep-outcome.mjs';

const { values: given } = parseArgs({
  options: { only: { type: 'string', default: '' }, keep: { type: 'boolean', default: false } },
});
prepare();
const { startCluster } = await import('./slurm/cluster.mjs');
const { jobsOf } = await import('./slurm/jobs.mjs');

const { folder, env: bare } = outside('slurm');
chmodSync(folder, 0o755); // munge wants a socket that everybody can reach
const cwd = join(folder, 'work');
const nodes = join(folder, 'slurm');
mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
mkdirSync(nodes);
// A folder in which Lockstep is installed, as users have one.
const installed = join(cwd, 'node_modules');
const program = join(root, 'dist/src/cli/main.js');
writeFileSync(join(installed, '.bin/train'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {
  mode: 0o755,
});
const queue = join(root, 'scripts/queue/node_modules');
for (const name of readdirSync(queue).filter((each) => !each.startsWith('.'))) {
  symlinkSync(join(queue, name), join(installed, name));
}
cpSync(join(root, 'docs/schedulers'), join(cwd, 'schedulers'), { recursive: true });

writeInputs(cwd);

const env = {
  ...bare,
  NODE_PATH: environment().NODE_PATH ?? '',
  // Open MPI asks those who are root, and fails in containers whose processes may not read each other.
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
};
const cluster = await startCluster(nodes, env);
const jobs = jobsOf({ cwd, env: cluster.env });

let passed = 0;
let failed = 0;

/** A line of the table. What `check` throws, or the text that it gives, is wrong. */
async function row(what, check) {
  if (!new RegExp(given.only).test(what)) return;
  const begun = performance.now();
  let said;
  try {
    said = await check();
    passed++;
  } catch (error) {
    said = error.message;
    failed++;
    what = `FAILED ${what}`;
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${what}${said ? `\n          ${said.replaceAll('\n', '\n          ')}` : ''}`);
}

/** One process, without Slurm. */
function alone(args, status = 0) {
  const { status: got, stderr } = run(process.execPath, [program, ...args, '--quiet'], { cwd, env });
  if (got !== status) throw new Error(`one process: expected exit status ${status}, got ${got}\n${stderr}`);
}

/** @throws Error with the first difference of two sweeps */
function compareSweeps(name, out) {
  const [one, other] = [`alone/${name}`, out].map((each) => outcomeOf(join(cwd, each)));
  for (const part of Object.keys(one)) {
    if (isDeepStrictEqual(one[part], other[part])) continue;
    throw new Error(`${part} differ\n${JSON.stringify(one[part])}\n${JSON.stringify(other[part])}`);
  }
  const digests = new Set(one.trials.map((line) => JSON.parse(line).weightsSha256));
  return `${one.trials.length} trials, ${digests.size} digests, the same winner`;
}

const digestOf = (out) => JSON.parse(readFileSync(join(cwd, out, 'summary.json'), 'utf8')).weightsSha256;
const logs = (pattern) =>
  readdirSync(cwd)
    .filter((name) => pattern.test(name))
    .map((name) => `${name}:\n${readFileSync(join(cwd, name), 'utf8').slice(-1500)}`)
    .join('\n');

/** Fails if a job wrote a stack trace. */
function noTraces(pattern) {
  const said = logs(pattern);
  if (/\n\s+at .*:\d+:\d+/.test(said)) throw new Error(said);
}
const expectExit = (found, codes) => {
  const strange = found.filter(({ JobState, ExitCode }) => !codes.test(`${JobState} ${ExitCode}`));
  if (strange.length === 0) return;
  throw new Error(strange.map((job) => `${job.JobId} ${job.JobState} ${job.ExitCode}`).join('\n'));
};

try {
  await row('two nodes', () => {
    const words = ['-N2', '-n2', 'sh', '-c', 'echo $SLURMD_NODENAME'];
    const said = mustRun('srun', words, { cwd, env: cluster.env });
    const names = said.trim().split('\n').sort();
    if (names.join() !== 'node1,node2') throw new Error(said);
    return run('slurmd', ['-V'], { env: cluster.env }).stdout.trim();
  });

  await row('sweep-slurm.sh: an array of 4, a task requeued, merged by a last job', async () => {
    alone(['sweep', 'grid.yaml', '--out', 'alone/grid', '--parallel', '1'], 1);
    const id = jobs.submit('--cpus-per-task=1', 'schedulers/sweep-slurm.sh', 'grid.yaml');
    const [task] = await jobs.when(
      () => jobs.of(id).filter(({ ArrayTaskId }) => ArrayTaskId === '2'),
      ([job]) => job && jobs.runs(job) && linesIn(join(cwd, 'runs/sweep-grid-shard-2-of-4')) > 0,
      'a trial of the second task',
    );
    jobs.requeue(task);
    const parts = await jobs.ended(() => jobs.of(id));
    const merge = await jobs.ended(() => jobs.named('lockstep-merge'));
    if (merge.length !== 1) throw new Error(`${merge.length} merges`);
    expectExit(merge, /FAILED 1:0/);
    const again = parts.filter(({ Restarts }) => Restarts === '1').length;
    if (again !== 1) throw new Error(`${again} tasks were requeued`);
    noTraces(/^sweep-/);
    const places = new Set(parts.map(({ NodeList }) => NodeList));
    return `${compareSweeps('grid', 'runs/sweep-grid')}; on ${[...places].sort().join(' and ')}`;
  });

  await row('queue-slurm.sh: its own Redis, 4 workers, one cancelled, one requeued', async () => {
    alone(['sweep', 'queue.yaml', '--out', 'alone/queue', '--parallel', '1']);
    const withFew = jobsOf({ cwd, env: { ...cluster.env, WORKERS: '4', CPUS: '1' } });
    const id = withFew.submit('schedulers/queue-slurm.sh', 'queue.yaml');
    const workers = () => jobs.named(`lockstep-workers-${id}`);
    const lines = () => linesIn(join(cwd, 'runs/sweep-queue'));
    const running = await jobs.when(
      () => workers().filter(jobs.runs),
      (found) => found.length >= 2 && lines() >= 1,
      'two workers and a training',
    );
    jobs.cancel(running[0]);
    jobs.requeue(running[1]);
    const at = lines();
    const end = await jobs.ended(() => jobs.of(id), 240);
    expectExit(end, /COMPLETED 0:0/);
    const ended = await jobs.ended(workers);
    noTraces(/^(queue|worker)-/);
    if (!ended.some(({ Restarts }) => Restarts === '1')) throw new Error('no worker was requeued');
    const given = logs(/^worker-/).match(/stopped by SIGTERM/g)?.length ?? 0;
    if (given < 2) throw new Error(`${given} of 2 workers were stopped\n${logs(/^worker-/)}`);
    return `${compareSweeps('queue', 'runs/sweep-queue')}; struck after ${at} trainings`;
  });

  await row('queue-slurm.sh: cancelled, it takes its workers with it', async () => {
    const few = { ...cluster.env, WORKERS: '2', CPUS: '1' };
    cpSync(join(cwd, 'queue.yaml'), join(cwd, 'cancelled.yaml'));
    const id = jobsOf({ cwd, env: few }).submit('schedulers/queue-slurm.sh', 'cancelled.yaml');
    const workers = () => jobs.named(`lockstep-workers-${id}`);
    const [job] = await jobs.when(
      () => jobs.of(id),
      () => workers().filter(jobs.runs).length === 2,
      'two workers',
    );
    jobs.cancel(job);
    await jobs.ended(() => jobs.of(id), 60);
    await jobs.ended(workers, 60);
    noTraces(/^(queue|worker)-/);
  });

  const ranks = 'node_modules/.bin/train ranks.yaml --threads 1 --quiet';
  alone(['ranks.yaml', '--out', 'alone/ranks', '--threads', '1']);
  const same = (out, name = 'ranks') => {
    if (digestOf(out) !== digestOf(`alone/${name}`)) throw new Error(`digest ${digestOf(out)}`);
    return `sha256 ${digestOf(out)}`;
  };
  await row('ranks-slurm.sh: srun --mpi=pmix, a rank on each of two nodes', async () => {
    const id = jobs.submit('--nodes=2', '--cpus-per-task=1', 'schedulers/ranks-slurm.sh', 'ranks.yaml');
    const [job] = await jobs.ended(() => jobs.of(id));
    if (job.JobState !== 'COMPLETED') throw new Error(logs(/^ranks-/));
    if (job.NodeList !== 'node[1-2]') throw new Error(job.NodeList);
    return same(`runs/ranks-${id}`);
  });
  await row('mpirun within a job: a rank on each of two nodes', async () => {
    const id = jobs.submit(
      ...['--nodes=2', '--ntasks-per-node=1', '--output=mpirun.log'],
      `--wrap=mpirun --bind-to none ${ranks} --ranks mpi --out runs/mpirun`,
    );
    const [job] = await jobs.ended(() => jobs.of(id));
    if (job.JobState !== 'COMPLETED') throw new Error(logs(/^mpirun/));
    return same('runs/mpirun');
  });
  const mpich = '/usr/lib/x86_64-linux-gnu/libmpich.so.12';
  if (existsSync(mpich)) {
    await row('MPICH: srun --mpi=pmi2, a rank on each of two nodes', async () => {
      const id = jobs.submit(
        ...['--nodes=2', '--ntasks-per-node=1', '--output=mpich.log'],
        `--wrap=srun --mpi=pmi2 ${ranks} --ranks mpi:${mpich} --out runs/mpich`,
      );
      const [job] = await jobs.ended(() => jobs.of(id));
      if (job.JobState !== 'COMPLETED') throw new Error(logs(/^mpich/));
      return same('runs/mpich');
    });
  }
  await row('ranks-slurm.sh: requeued in the middle, it goes on from its checkpoint', async () => {
    alone(['long.yaml', '--out', 'alone/long', '--threads', '1']);
    const id = jobs.submit('--nodes=2', '--cpus-per-task=1', 'schedulers/ranks-slurm.sh', 'long.yaml');
    const metrics = join(cwd, `runs/long-${id}/metrics.csv`);
    const [job] = await jobs.when(
      () => jobs.of(id),
      ([one]) =>
        jobs.runs(one) && existsSync(metrics) && readFileSync(metrics, 'utf8').split('\n').length > 4,
      'some epochs',
    );
    jobs.requeue(job);
    const [end] = await jobs.ended(() => jobs.of(id));
    if (end.JobState !== 'COMPLETED') throw new Error(`${end.JobState}\n${logs(/^ranks-/)}`);
    if (end.Restarts !== '1') throw new Error(`${end.Restarts} restarts`);
    const log = readFileSync(join(cwd, `ranks-${id}.log`), 'utf8');
    if (!/^\S+train resume /m.test(log)) throw new Error(`it began anew\n${log.slice(-1500)}`);
    return same(`runs/long-${id}`, 'long');
  });
} finally {
  await cluster.end();
  if (given.keep || failed > 0) {
    const kept = `${folder}-kept`;
    const filter = (path) => !/npm-cache|\/munge$/.test(path);
    cpSync(folder, kept, { recursive: true, verbatimSymlinks: true, filter });
    console.log(`what the jobs wrote is in ${kept}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
