// A training that several ranks share, all of them in this process.
import type { Dataset } from '#lockstep/data/dataset.js';
import { elementsOf } from '#lockstep/engine/memory.js';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import { ranked } from '#lockstep/parallel/ranked.js';
import { threads } from '#lockstep/parallel/threads.js';
import { startHub } from '#lockstep/ranks/in-process.js';
import { leaveLine } from '#lockstep/ranks/line.js';
import type { EndEvent, TrainEvent } from '#lockstep/training/events.js';
import { type TrainOptions, train } from '#lockstep/training/train.js';

/** What a rank came to. */
export interface RankResult {
  events: TrainEvent[];
  end: EndEvent | undefined;
  error: Error | undefined;
}

export interface TogetherOptions {
  ranks: number;
  threads?: number;
  /** More options for a rank. */
  options?: (rank: number) => Partial<TrainOptions>;
  /** Told of each event of a rank. */
  onEvent?: (event: TrainEvent, rank: number) => void;
}

/** Trains with so many ranks, each of so many threads. */
export async function trainTogether(
  experiment: Experiment,
  dataset: Dataset,
  { ranks: count, threads: each = 1, options = () => ({}), onEvent = () => {} }: TogetherOptions,
): Promise<RankResult[]> {
  const hub = startHub(count);
  const one = async (line: SharedArrayBuffer, index: number): Promise<RankResult> => {
    const attach = async (memory: Parameters<typeof elementsOf>[0]) => hub.attach(index, elementsOf(memory));
    const executor = ranked(threads(each), { rank: { index, count }, line, attach });
    const events: TrainEvent[] = [];
    let error: Error | undefined;
    try {
      for await (const event of train(experiment, { dataset, executor, ...options(index) })) {
        events.push(event);
        onEvent(event, index);
      }
    } catch (caught) {
      error = caught as Error;
    }
    await leaveLine(line);
    const end = events.find((event) => event.kind === 'end') as EndEvent | undefined;
    return { events, end, error };
  };
  const results = await Promise.all(hub.lines.map(one));
  await hub.served;
  return results;
}
