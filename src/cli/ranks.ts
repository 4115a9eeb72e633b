/**
 * `--ranks mpi`: processes that mpirun or srun has started train one network together. All of them read the
 * experiment and the data; rank 0 alone writes and speaks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Argv } from 'yargs';
import { datasetDigest } from '../data/digest.ts';
import { fingerprint } from '../experiment/experiment.ts';
import { exitCodes, type FailureCode, LockstepError } from '../foundation/errors.ts';
import { asWeights, stateDigest } from '../model/weights.ts';
import { connectMpi, type MpiLink } from '../parallel/mpi-link.ts';
import { RankFailed, ranked } from '../parallel/ranked.ts';
import { version } from '../platform/version.ts';
import { gatherTexts, leaveLine, quitLine } from '../ranks/line.ts';
import { fitTraining } from '../training/prepare.ts';
import type { Position } from '../training/run-state.ts';
import { train } from '../training/train.ts';
import { complain, hush, warn } from './console.ts';
import { fail } from './fail.ts';
import { prepareForMpi, readLauncher } from './launcher.ts';
import { once } from './options.ts';
import { listenForStop } from './stop.ts';
import type { Job } from './train-one.ts';

export interface RanksArguments {
  ranks?: string;
}

/** Declares the option. */
export function ranksOption<T>(yargs: Argv<T>): Argv<T & RanksArguments> {
  return yargs.option('ranks', {
    describe: 'mpi: shares each minibatch with the other processes that mpirun or srun has started',
    type: 'string',
    requiresArg: true,
  }) as Argv<T & RanksArguments>;
}

/** Refuses options that are not for several ranks, by their names. */
export function refuseWithRanks(given: RanksArguments, names: readonly string[]): void {
  if (given.ranks === undefined) return;
  const strange = names.find((name) => Boolean((given as Record<string, unknown>)[name]));
  if (strange === undefined) return;
  throw new LockstepError('usage', {
    where: `--${strange}`,
    expected: 'one training by one process',
    got: '--ranks',
    hint: 'leave one of the two out',
  });
}

/** A training that several ranks share. */
export interface Ranks {
  /** The job for this rank's part. */
  share(job: Job): Job;
  /**
   * All ranks come here before the training begins, each with what it has read.
   *
   * @throws LockstepError if it is not the same, or one of them has failed
   */
  agree(job: Job): Promise<void>;
  /** This rank writes and speaks. */
  speaks: boolean;
}

/** Milliseconds of silence after which a rank counts as lost. */
const patience = 10_000;
/** Milliseconds that a rank waits for rank 0 to tell what went wrong in all of them, and to end its work. */
const courtesy = 60_000;
/** Milliseconds in which MPI ends all ranks. */
const lastMoments = 3000;
/** Characters of a message to the other ranks. */
const longestMessage = 4000;

/** Does some work with the other ranks, if the option is there. Its failures are those of all ranks. */
export async function withRanks(
  { ranks: given }: RanksArguments,
  work: (ranks: Ranks | undefined) => Promise<void>,
): Promise<void> {
  if (given === undefined) return work(undefined);
  const link = await connect(once('ranks', given));
  const { rank, line } = link;
  const speaks = rank.index === 0;
  hush(!speaks);
  let agreed = false;
  const agree = async (said: Said) => {
    agreed = true;
    checkAlike(await gatherTexts(line, JSON.stringify(said)));
  };
  try {
    await work({
      speaks,
      share: (job) => ({ ...job, executor: ranked(job.executor, link) }),
      agree(job) {
        // What does not fit together fails in all of them, before anything is written.
        fitTraining(job.experiment, job);
        return agree({ name: link.name, facts: factsOf(job, link) });
      },
    });
  } catch (error) {
    if (agreed && !(error instanceof Unlike)) await endAll(error, link);
    else await tellTogether(error, agreed ? undefined : agree, link);
  }
  await leaveLine(line);
}

/** A failure that all ranks know of. */
class Unlike extends LockstepError {}

/** What a rank says of itself: what it has read, or why it could not. */
interface Said {
  name: string;
  facts?: Record<string, string>;
  failure?: { message: string; code: FailureCode };
}

/** A failure before the training: all ranks hear of it, and leave. */
async function tellTogether(
  error: unknown,
  agree: ((said: Said) => Promise<void>) | undefined,
  { name }: MpiLink,
): Promise<void> {
  try {
    if (!agree) throw error;
    const known = error instanceof LockstepError;
    const [message, code] = known ? [error.message, error.code] : [String(error), 'failed' as const];
    await agree({ name, failure: { message: message.slice(0, longestMessage), code } });
  } catch (told) {
    fail(told);
  }
}

/** A failure within the training: the others wait for this rank, so all are ended. */
async function endAll(error: unknown, { rank, line }: MpiLink): Promise<void> {
  // What the training itself says went wrong in all of them: rank 0 tells, and ends them.
  const alike = error instanceof LockstepError && !(error instanceof RankFailed);
  if (rank.index > 0 && alike) await sleep(courtesy);
  hush(false);
  if (rank.index > 0) complain(`rank ${rank.index} of ${rank.count}:`);
  fail(error);
  quitLine(line, Number(process.exitCode ?? exitCodes.failed));
  await sleep(lastMoments);
  process.exit();
}

async function connect(given: string): Promise<MpiLink> {
  const [, library] = /^mpi(?::(.+))?$/.exec(given) ?? [];
  if (!/^mpi(:.+)?$/.test(given)) {
    throw new LockstepError('usage', {
      where: '--ranks',
      expected: '`mpi`, or `mpi:` and the path of the MPI library',
      got: JSON.stringify(given),
    });
  }
  prepareForMpi(process.env);
  const { family, size } = readLauncher(process.env);
  const link = await connectMpi({ library, family, patience });
  const { count } = link.rank;
  if (size !== undefined && size > 1 && count === 1) {
    throw new LockstepError('usage', {
      where: '--ranks mpi',
      expected: `the MPI library whose launcher has started ${size} processes`,
      got: `${link.version}, which sees one`,
      hint: 'name the library: --ranks mpi:/path/to/libmpi.so',
    });
  }
  if (count === 1) warn('one rank: it trains alone; mpirun -n 4 starts four');
  return link;
}

/** What must be the same in all ranks, by its name for people. */
function factsOf({ experiment, dataset, from }: Job, { version: library }: MpiLink): Record<string, string> {
  const { checkpoint } = experiment.execution;
  const digest = ({ steps, tensors: { parameters, state } }: Position) =>
    `${stateDigest(asWeights(parameters), asWeights(state))} after ${steps} steps`;
  return {
    'the data': datasetDigest(dataset),
    'the experiment': `${fingerprint(experiment)} ${JSON.stringify(checkpoint)}`,
    'the checkpoint': from ? digest(from.position) : 'none',
    'the kernels': experiment.kernels,
    'the version of Lockstep': version,
    'the MPI library': library,
  };
}

/** @throws Unlike if a rank has failed, or what they have read is not the same */
function checkAlike(texts: readonly string[]): void {
  const said = texts.map((text) => JSON.parse(text) as Said);
  const failed = said.findIndex(({ failure }) => failure);
  const nameOf = (rank: number) => `rank ${rank} (${said[rank]!.name})`;
  if (failed >= 0) {
    const { message, code } = said[failed]!.failure!;
    const alike = said.every(({ failure }) => failure?.message === message);
    throw new Unlike(code, alike ? message : message.split('\n').map((line) => `${nameOf(failed)}: ${line}`));
  }
  const [first, ...others] = said.map(({ facts }) => facts!);
  for (const [index, facts] of others.entries()) {
    for (const [what, value] of Object.entries(facts)) {
      if (value === first![what]) continue;
      throw new Unlike('failed', {
        where: nameOf(index + 1),
        expected: `${what} of rank 0, ${shortOf(first![what]!)}`,
        got: shortOf(value),
      });
    }
  }
}

/** A digest is known by its beginning. */
const shortOf = (value: string) => value.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/, 'sha256 $1');

/** Trains this rank's part, in silence. */
export async function trainSilently({
  experiment,
  dataset,
  executor,
  locate,
  pretrained,
  from,
}: Job): Promise<void> {
  const stop = listenForStop();
  try {
    const options = { dataset, executor, locate, signal: stop.signal, pretrained, from };
    for await (const event of train(experiment, options)) {
      if (event.kind === 'end' && event.stopped) process.exitCode = stop.exitCode();
    }
  } finally {
    stop.release({ done: true });
  }
}
