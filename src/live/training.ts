/** A training under way, or several of one experiment one after the other, as a live page shows them. */
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { compact, duration, grouped, percent } from '../foundation/format.ts';
import { lossText } from '../model/figure-text.ts';
import { firstWeightsOf } from '../report/page/first-weights.ts';
import { html } from '../report/page/markup.ts';
import { dataFacts, recorded } from '../run/record-run.ts';
import type { RunFacts } from '../run/run-facts.ts';
import type { EpochTiming } from '../run/run-tables.ts';
import type { RunSummary } from '../run/summary.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochEvent, StartEvent, TrainEvent } from '../training/events.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { doneSection } from './done-section.ts';
import { firstWeights } from './first-weights.ts';
import { progressPart } from './progress-part.ts';
import { runParts, type Underway } from './run-parts.ts';
import type { LiveFigures, LiveSource } from './source.ts';

/** A training that begins: one of several has a name, such as `seed 3`. */
export interface TrainingBegun {
  experiment: Experiment;
  name?: string | undefined;
  /** What was trained before. */
  before?: { history: readonly EpochFigures[]; timing: readonly EpochTiming[] } | undefined;
}

export interface LiveTraining extends LiveSource {
  begin(training: TrainingBegun): void;
  /**
   * Takes what the training tells, before the next event is asked for.
   *
   * @param due the page will be made with this, so it is worth reading what takes time to read
   */
  show(event: TrainEvent, due: boolean): void;
  /** It was asked to stop. */
  stopping(): void;
  /** The training has ended; another may begin. Without a summary it failed. */
  ended(summary: RunSummary | undefined): void;
}

const bars = [
  ['epoch', 'epoch'],
  ['training', 'training'],
] as const;
const tiles = [
  ['left', 'time left'],
  ['speed', 'samples/s'],
  ['loss', 'training loss now'],
] as const;

/** @param several how many trainings there are to be, if there are several */
export function liveTraining(first: TrainingBegun, several?: number): LiveTraining {
  let { experiment, name } = first;
  let underway = underwayAt(first);
  let start: StartEvent | undefined;
  let firstId: string | undefined;
  const weights = firstWeights();
  let state = 'starting';
  let speed = Number.NaN;
  let loss = Number.NaN;
  const done: { name: string; summary: RunSummary }[] = [];
  const top = progressPart({ bars, tiles, what: 'the training' });

  function figures(): LiveFigures {
    const at = start?.progress();
    const note =
      name === undefined || several === undefined ? '' : `${name}, ${done.length + 1} of ${several}`;
    if (!start || !at || at.epoch === 0) {
      return { texts: { state, note }, shares: { epoch: null, training: null }, stoppable: true };
    }
    const { steps, epochs, batchSize } = start.plan;
    const under = state === 'training' && at.step > 0;
    if (under && at.stepsPerSecond > 0) speed = batchSize * at.stepsPerSecond;
    if (under && Number.isFinite(at.loss)) loss = at.loss;
    const share = 1 - at.stepsLeft / steps;
    return {
      texts: {
        // No step since figures were taken, and none under way: the test set is evaluated.
        state: under && at.stepsPerSecond === 0 ? 'evaluating' : state,
        note,
        epoch: `${grouped(at.epoch)} of ${grouped(epochs)}`,
        training: percent(share),
        left: Number.isNaN(speed) ? '–' : duration((at.stepsLeft * batchSize) / speed),
        speed: Number.isNaN(speed) ? '–' : compact(speed),
        loss: Number.isNaN(loss) ? '–' : lossText(loss),
      },
      shares: { epoch: at.step / at.stepsPerEpoch, training: share },
      stoppable: state !== 'stopping after this step' && state !== writing,
    };
  }

  function startedWith(event: StartEvent): void {
    start = event;
    state = 'training';
    const { signature, plan } = event;
    const p = firstWeightsOf(plan.network);
    firstId = p === undefined ? undefined : plan.network.parameters[p]!.id;
    underway.facts.underway = dataFacts(signature);
  }

  function take(event: EpochEvent, due: boolean): void {
    const { epoch, learningRate, train, validation, seconds, samplesPerSecond } = recorded(event);
    const { facts } = underway;
    // Of the event nothing else: `best` holds the weights of that time.
    facts.epochs.push({ epoch, learningRate, train, validation });
    facts.timing.push({ epoch, seconds, samplesPerSecond });
    speed = samplesPerSecond;
    const matrix = event.validation?.confusion;
    if (matrix) underway.confusion = { epoch, matrix };
    const id = firstId;
    if (!start || id === undefined || !due || !weights.pace.due) return;
    const { signature } = start;
    weights.pace.spend(() => {
      const tensor = event.parameter(id);
      if (tensor) weights.make(signature, epoch, tensor);
    });
    underway.weights = weights.section;
  }

  return {
    get title() {
      return experiment.name;
    },
    page: () => runParts({ live: top, several: doneSection(done) }, underway),
    figures,
    begin(next) {
      ({ experiment, name } = next);
      underway = underwayAt(next);
      weights.pace.hurry();
      start = undefined;
      [state, speed, loss] = ['starting', Number.NaN, Number.NaN];
    },
    show(event, due) {
      if (event.kind === 'start') startedWith(event);
      if (event.kind === 'epoch') take(event, due);
      if (event.kind === 'end') state = writing;
    },
    stopping() {
      if (state !== writing) state = 'stopping after this step';
    },
    ended(summary) {
      if (summary && name !== undefined) done.push({ name, summary });
    },
  };
}

const writing = 'writing the report';

function underwayAt({ experiment, before }: TrainingBegun): Underway {
  const facts: RunFacts = {
    experiment,
    config: canonicalText(experiment),
    summary: undefined,
    underway: {},
    epochs: [...(before?.history ?? [])].map(({ epoch, learningRate, train, validation }) => ({
      ...{ epoch, learningRate, train },
      validation: validation && figuresOf(validation),
    })),
    timing: [...(before?.timing ?? [])],
    confusion: undefined,
  };
  return { facts, confusion: undefined, weights: html`` };
}
