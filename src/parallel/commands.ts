/** What the coordinator wants done, as words that all threads read. */
import { type Control, commands, type EvaluationSet, evaluationSets, words } from '../sync/control.ts';

/** `train` stays within an epoch. `before`: steps of the same request that earlier commands did. */
export type Command =
  | { kind: 'train'; epoch: number; first: number; count: number; before?: number }
  | { kind: 'evaluate'; set: EvaluationSet; count: number };

export function writeCommand({ words: w }: Control, command: Command): void {
  Atomics.store(w, words.kind, commands[command.kind]);
  Atomics.store(w, words.count, command.count);
  if (command.kind === 'train') {
    Atomics.store(w, words.epoch, command.epoch);
    Atomics.store(w, words.before, command.before ?? 0);
    Atomics.store(w, words.steps, command.before ?? 0);
  }
  const first = command.kind === 'train' ? command.first : evaluationSets.indexOf(command.set);
  Atomics.store(w, words.first, first);
}

/** Undefined: leave. */
export function readCommand({ words: w }: Control): Command | undefined {
  const first = Atomics.load(w, words.first);
  const count = Atomics.load(w, words.count);
  switch (Atomics.load(w, words.kind)) {
    case commands.train: {
      const [epoch, before] = [Atomics.load(w, words.epoch), Atomics.load(w, words.before)];
      return { kind: 'train', epoch, first, count, before };
    }
    case commands.evaluate:
      return { kind: 'evaluate', set: evaluationSets[first]!, count };
    default:
      return undefined;
  }
}
