// A Slurm of the tests' own: munge, a controller and two nodes on the loopback address, in one folder.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../queue/redis.mjs';

const living = new Set();

/** Starts a daemon that stays in the foreground. It ends with this process. */
function daemon(folder, env, command, args) {
  const child = spawn(command, args, { cwd: folder, env, stdio: 'ignore' });
  living.add(child);
  child.on('exit', () => living.delete(child));
  child.on('error', () => living.delete(child));
  return child;
}
let endJobs = () => undefined;
let ownConfiguration;
process.on('exit', () => {
  if (living.size > 0) endJobs();
  for (const child of living) child.kill('SIGKILL');
  if (ownConfiguration) killAll(ownConfiguration);
});

/** Ends what has outlived its job: every process that was told of this cluster, and of no other. */
function killAll(configuration) {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (words.includes(`SLURM_CONF=${configuration}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended, or is not ours.
    }
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/**
 * Starts the cluster, and waits until both nodes are idle.
 *
 * @param folder a new folder that everybody may enter: munge wants that
 * @param env the environment of jobs, and of commands
 * @returns the environment in which Slurm's commands speak to it, and how it ends
 */
export async function startCluster(folder, env) {
  const [controller, ...nodes] = [await freePort(), await freePort(), await freePort()];
  for (const name of ['munge', 'state', 'node1', 'node2', 'tmp-node1', 'tmp-node2']) {
    mkdirSync(join(folder, name));
  }
  const munge = (name) => join(folder, 'munge', name);
  writeFileSync(munge('key'), randomBytes(1024), { mode: 0o400 });
  const configuration = join(folder, 'slurm.conf');
  writeFileSync(configuration, configurationOf(folder, controller, nodes));
  const within = { ...env, SLURM_CONF: configuration };
  ownConfiguration = configuration;

  const files = ['key', 'socket', 'pid', 'log', 'seed'].map((name) => {
    const option = { key: 'key-file', socket: 'socket' }[name] ?? `${name}-file`;
    return `--${option}=${munge(name)}`;
  });
  const daemons = [daemon(folder, within, 'munged', ['--foreground', '--num-threads=10', ...files])];
  await until('munged', () => spawnSync('munge', ['-n', `--socket=${munge('socket')}`]).status === 0);
  daemons.push(daemon(folder, within, 'slurmctld', ['-D']));
  for (const name of ['node1', 'node2']) daemons.push(daemon(folder, within, 'slurmd', ['-D', '-N', name]));
  const idle = () => {
    const { stdout } = spawnSync('sinfo', ['-h', '-N', '-o', '%T'], { env: within, encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line === 'idle').length === 2;
  };
  endJobs = () => {
    spawnSync('scancel', ['--user', userInfo().username], { env: within });
    const left = () => spawnSync('squeue', ['-h'], { env: within, encoding: 'utf8' }).stdout;
    for (let look = 0; look < 30 && left()?.trim(); look++) spawnSync('sleep', ['1']);
  };
  await until('two idle nodes', idle, () => readFileSync(join(folder, 'slurmctld.log'), 'utf8').slice(-1500));
  return {
    env: within,
    /** Ends all jobs and daemons. */
    async end() {
      endJobs();
      for (const child of daemons.reverse()) {
        child.kill('SIGTERM');
        for (let look = 0; look < 50 && living.has(child); look++) await sleep(100);
        child.kill('SIGKILL');
      }
    },
  };
}

async function until(what, isSo, why = () => '') {
  for (let look = 0; look < 120; look++) {
    if (isSo()) return;
    await sleep(250);
  }
  throw new Error(`expected ${what} within half a minute, got none\n${why()}`);
}

/** Two nodes are one machine here, so each has a name, a port, and folders of its own (%n). */
function configurationOf(folder, controller, nodes) {
  const host = hostname().split('.')[0];
  const user = userInfo().username;
  return `ClusterName=lockstep
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
CredType=cred/munge
# A requeued job waits until its credential has expired.
AuthInfo=socket=${folder}/munge/socket,cred_expire=10
SlurmctldPort=${controller}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/%n
TmpFS=${folder}/tmp-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,bf_interval=2
SlurmdParameters=config_overrides
MailProg=/bin/true
ReturnToService=2
KillWait=20
${nodes
  .map((port, at) => `NodeName=node${at + 1} NodeAddr=127.0.0.1 NodeHostname=${host} Port=${port} CPUs=2`)
  .join('\n')}
PartitionName=all Nodes=node1,node2 Default=YES MaxTime=60 State=UP
`;
}
