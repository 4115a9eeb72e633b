// Jobs of Slurm: submitting them, and seeing what has become of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun } from '../outside.mjs';

const unfinished = /PENDING|RUNNING|COMPLETING|REQUEUED|CONFIGURING|SUSPENDED|RESIZING|SIGNALING|STAGE_OUT/;

/** @param site the folder and the environment of all commands */
export function jobsOf({ cwd, env }) {
  const slurm = (command, ...args) => mustRun(command, args, { cwd, env });

  /** All jobs that the controller remembers: what it says of each, by name. */
  function all() {
    const lines = slurm('scontrol', 'show', 'job', '--oneliner')
      .split('\n')
      .filter((line) => line.startsWith('JobId='));
    return lines.map((line) => Object.fromEntries(line.split(' ').map((word) => word.split(/=(.*)/s, 2))));
  }

  /** Those of an array, or the job itself. */
  const of = (id) => all().filter(({ JobId, ArrayJobId }) => JobId === id || ArrayJobId === id);
  const named = (name) => all().filter(({ JobName }) => JobName === name);

  /** Waits until the jobs that `find` gives fulfil `isSo`. */
  async function when(find, isSo, what, seconds = 180) {
    for (let look = 0; look < seconds * 4; look++) {
      const found = find();
      if (isSo(found)) return found;
      await sleep(250);
    }
    const states = find().map((job) => `${job.JobId} ${job.JobName} ${job.JobState} ${job.Reason}`);
    throw new Error(`expected ${what} within ${seconds} s, got\n${states.join('\n')}\n`);
  }

  return {
    /** Submits a job. @returns its number */
    submit: (...args) => slurm('sbatch', '--parsable', ...args).trim(),
    of,
    named,
    when,
    /** Waits until all of them have ended. */
    ended: (find, seconds) =>
      when(
        find,
        (jobs) => jobs.length > 0 && !jobs.some(({ JobState }) => unfinished.test(JobState)),
        'the end of the jobs',
        seconds,
      ),
    runs: ({ JobState }) => JobState === 'RUNNING',
    requeue: ({ JobId }) => slurm('scontrol', 'requeue', JobId),
    cancel: ({ JobId }) => slurm('scancel', JobId),
  };
}
