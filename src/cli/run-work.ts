/** Runs a worker for the command `train sweep work`. */
import { hostname } from 'node:os';
import { LockstepError } from '../foundation/errors.ts';
import { availableCores } from '../platform/cores.ts';
import { version } from '../platform/version.ts';
import { queueAddress } from '../sweep/queue/address.ts';
import type { WorkPlace } from '../sweep/queue/broker.ts';
import { openWorkPlace } from '../sweep/queue/bull-work.ts';
import { work } from '../sweep/queue/work.ts';
import { err, warn } from './console.ts';
import { countOf } from './count-of.ts';
import { openDataOf } from './open-data.ts';
import { once } from './options.ts';
import { listenForStop } from './stop.ts';
import { showNote } from './sweep-queue.ts';
import { startWorkView, type WorkView } from './work-view.ts';

export interface WorkArguments {
  url: string;
  threads?: string;
  parallel?: string;
  data?: string;
  untilEmpty?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** Milliseconds without a sweep after which none is left. */
const emptyFor = 10_000;

export async function runWork(given: WorkArguments): Promise<void> {
  const address = queueAddress(given.url, 'sweep work', process.env.REDISCLI_AUTH);
  const threads = countOf('threads', given.threads) ?? availableCores();
  const parallel = countOf('parallel', given.parallel) ?? threads;
  const source = given.data === undefined ? {} : { source: once('data', given.data) };
  let view: WorkView | undefined;
  const place = await openWorkPlace({
    ...{ address, where: 'sweep work', doubt: warn },
    tell: (note) => (view ? view.note(note) : showNote(note)),
  });
  const name = `${hostname()}:${process.pid}`;
  const json = given.json === true;
  const quiet = given.quiet === true;
  if (!quiet && !json) announce(name, place, { threads, parallel });
  const stop = listenForStop('giving the trials back; once more to quit at once');
  view = startWorkView({ json, quiet });
  try {
    const options = {
      ...{ place, name, threads, parallel, signal: stop.signal },
      untilEmpty: given.untilEmpty ? emptyFor : undefined,
      openData: (experiment: Parameters<typeof openDataOf>[0]) => openDataOf(experiment, source),
    };
    for await (const event of work(options)) view.show(event);
    if (stop.signal.aborted) process.exitCode = stop.exitCode();
  } catch (error) {
    throw withHint(error, given);
  } finally {
    view.stop();
    await place.close();
    stop.release({ done: true });
  }
  view.summary(stop.signal.aborted ? `stopped ${stop.reason()}` : 'no sweep is left');
}

function announce(
  name: string,
  { address }: WorkPlace,
  { threads, parallel }: { threads: number; parallel: number },
): void {
  const lines = [
    ['worker', name],
    ['queue', address],
    ['cores', `${threads} of ${availableCores()} · up to ${parallel} trials at once`],
  ] as const;
  err.line(err.paint('bold', `lockstep ${version} · sweep work`));
  for (const [what, text] of lines) err.line(`  ${err.paint('dim', what.padEnd(10))} ${text}`);
}

/** Data that is not where the sweep has it is usual on another machine. */
function withHint(error: unknown, { data }: WorkArguments): unknown {
  if (!(error instanceof LockstepError) || error.code !== 'data' || data !== undefined) return error;
  const { complaint } = error;
  if (!complaint || complaint.hint?.includes('--data')) return error;
  const hint = [complaint.hint ?? [], '--data says where it lies on this machine'].flat().join('; ');
  return new LockstepError('data', { ...complaint, hint });
}
