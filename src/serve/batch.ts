/**
 * What the server's thread does: bodies come in, answers go out. The rows of all bodies of a batch go through
 * the network together. A row's bits do not depend on the rows beside it, so nobody can tell.
 */
import { allocateFeatures, columnsOf, type Features } from '../data/dataset.ts';
import { shapeOf } from '../data/split.ts';
import { outputNames, targetNames, targetWriter } from '../data/target-names.ts';
import { grouped } from '../foundation/format.ts';
import { type Answer, answerTo, Refusal } from '../http/refusal.ts';
import { planNetwork } from '../model/network.ts';
import { type TrainedModel, trainedModel } from '../training/trained-model.ts';
import type { Job, ReadRows, RowRules } from './given-rows.ts';
import type { ServeLimits } from './limits.ts';
import { readRows } from './rows.ts';
import type { ServedNetwork } from './served-network.ts';

/** Answers a batch, each body by itself: what is wrong with one is its own answer. */
export type AnswerBatch = (jobs: readonly Job[]) => Promise<Answer[]>;

/** Puts the network to work in this thread. */
export function batchAnswerer(served: ServedNetwork): AnswerBatch {
  const { experiment, signature, profile, limits } = served;
  const network = planNetwork(experiment.model, shapeOf(signature));
  const { parameters, state, classWeights } = served;
  const model = trainedModel(experiment, network, signature, parameters, state, { classWeights });
  const rules: RowRules = { signature, format: experiment.data, profile };
  const write = writer(model, served.weightsSha256);

  /** The texts for these rows, in one go through the network. */
  const together = (parts: readonly ReadRows[]): string[] => {
    const rows = joined(parts, signature.features);
    const predicted = model.predict(rows);
    const likely = signature.targets.kind === 'values' ? undefined : model.probabilities(rows);
    let first = 0;
    return parts.map((part) => {
      const text = write(part, predicted, likely, first);
      first += part.count;
      return text;
    });
  };

  return async (jobs) => {
    const read = await Promise.all(
      jobs.map(async (job) => {
        try {
          const rows = await readRows(job, rules, limits);
          refuseLongAnswer(rows.count, model.outputs, limits);
          return rows;
        } catch (error) {
          return answerTo(error);
        }
      }),
    );
    const whole = read.filter((one): one is ReadRows => 'features' in one);
    const texts = together(whole).values();
    return read.map((one) => ('features' in one ? { status: 200, text: texts.next().value! } : one));
  };
}

function refuseLongAnswer(count: number, outputs: number, { numbers }: ServeLimits): void {
  if (count * outputs <= numbers) return;
  throw new Refusal(413, {
    where: 'body',
    expected: `at most ${grouped(Math.floor(numbers / outputs))} rows of ${grouped(outputs)} outputs each`,
    got: grouped(count),
    hint: 'send them in several requests',
  });
}

function joined(parts: readonly ReadRows[], features: Features) {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (parts.length === 1) return { count, features: parts[0]!.features };
  const all = allocateFeatures(count, features);
  let at = 0;
  for (const part of parts) {
    all.set(part.features, at);
    at += part.count * columnsOf(features);
  }
  return { count, features: all };
}

type Write = (
  part: ReadRows,
  predicted: ArrayLike<number>,
  likely: ArrayLike<number> | undefined,
  first: number,
) => string;

/** Writes the answer for some rows as JSON, by the names that the training data have. */
function writer({ signature, outputs }: TrainedModel, weightsSha256: string): Write {
  const { kind } = signature.targets;
  const names = targetNames(signature);
  const likelyNames = outputNames(signature);
  const written = targetWriter(signature);
  const targetsOf = (predicted: ArrayLike<number>, row: number) =>
    names.map((name, t) => [name, written(predicted[row * names.length + t]!, t)] as const);
  const probabilitiesOf = (likely: ArrayLike<number>, row: number) =>
    Object.fromEntries(likelyNames.map((name, c) => [name, likely[row * outputs + c]!]));
  const predictionOf = (predicted: ArrayLike<number>, likely: ArrayLike<number> | undefined, row: number) => {
    const targets = targetsOf(predicted, row);
    if (!likely) return { values: Object.fromEntries(targets) };
    const probabilities = probabilitiesOf(likely, row);
    return kind === 'classes'
      ? { class: targets[0]![1], probabilities }
      : { flags: Object.fromEntries(targets), probabilities };
  };
  return ({ count, notes }, predicted, likely, first) => {
    const predictions = Array.from({ length: count }, (_, i) => predictionOf(predicted, likely, first + i));
    return JSON.stringify({ predictions, weightsSha256, ...(notes.length > 0 ? { notes } : {}) });
  };
}
