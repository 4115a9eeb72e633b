/**
 * Follows the folder of a sweep: trials that have ended, from trials.jsonl, and those in folders beside it.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { type Holder, holderOf } from '../run/lock.ts';
import { runFiles } from '../run/run-files.ts';
import { readConfig, readText } from '../run/run-folder.ts';
import { type EpochRow, readMetrics } from '../run/run-tables.ts';
import { sweepFiles, trialsFolder } from '../sweep/folder.ts';
import { figureOf } from '../sweep/objective.ts';
import type { SweepFile } from '../sweep/read.ts';
import { resultOf, type Trial, type TrialLine } from '../sweep/trial.ts';
import { readTrials } from '../sweep/trials-file.ts';
import { type GrowingRows, growingRows } from './growing-rows.ts';
import { liveSweep } from './sweep.ts';
import { tryTo } from './try-to.ts';
import { stampOf, stopIn, type Watched, workText } from './watched.ts';

/** A training that has begun. */
interface Begun {
  trial: Trial;
  experiment: Experiment;
  metrics: GrowingRows<EpochRow>;
}

/** @param file the sweep as its folder has it */
export async function watchSweep(folder: string, file: SweepFile): Promise<Watched> {
  const { sweep } = file;
  const live = liveSweep(sweep);
  const ended = new Set<number>();
  const known = new Set<string>();
  let stamp = '';
  const begun = new Map<string, Begun>();
  let holder: Holder | undefined;

  /** Trials of which all trainings have ended since the last look. */
  async function readEnded(first: boolean): Promise<boolean> {
    const now = stampOf(folder, [sweepFiles.trials]);
    if (now === stamp) return false;
    stamp = now;
    const lines = await readTrials(join(folder, sweepFiles.trials));
    const trials = new Map<number, TrialLine[]>();
    for (const line of lines.values()) {
      known.add(line.id);
      begun.delete(line.id);
      trials.set(line.trial, [...(trials.get(line.trial) ?? []), line]);
    }
    for (const [number, of] of trials) {
      // A trial that cannot be made has one line, whatever the number of seeds.
      const whole = of.length >= sweep.seeds || of[0]!.run === '';
      if (!whole || ended.has(number)) continue;
      ended.add(number);
      const result = resultOf({ number, parameters: of[0]!.parameters, runs: [] }, of);
      live.show({ kind: 'trial', result, known: first });
    }
    return true;
  }

  /** Trainings that have begun since the sweep did, and have not ended. */
  async function readWorking(): Promise<boolean> {
    const since = statSync(join(folder, sweepFiles.lock), { throwIfNoEntry: false })?.mtimeMs;
    const names = existsSync(join(folder, trialsFolder)) ? readdirSync(join(folder, trialsFolder)) : [];
    let changed = false;
    for (const id of names) {
      if (known.has(id) || since === undefined) continue;
      const metrics = join(folder, trialsFolder, id, runFiles.metrics);
      const found = statSync(metrics, { throwIfNoEntry: false });
      if (!found || found.mtimeMs < since) continue;
      if (await readTraining(id)) changed = true;
    }
    return changed;
  }

  async function readTraining(id: string): Promise<boolean> {
    const one = begun.get(id) ?? (await begin(id, join(folder, trialsFolder, id)));
    begun.set(id, one);
    const { trial, experiment, metrics } = one;
    const run = trial.runs[0]!;
    if (!(await metrics.look())) return false;
    live.show({ kind: 'running', trial, run });
    const epochs = experiment.epochs ?? Number.NaN;
    for (const { epoch, validation } of metrics.rows) {
      if (!validation) continue;
      const value = figureOf(sweep.objective, validation);
      live.show({ kind: 'epoch', trial, run, epoch, epochs, value, waiting: false });
    }
    return true;
  }

  /** The folder does not say which trial it is. */
  async function begin(id: string, at: string): Promise<Begun> {
    const { experiment } = await readConfig(at);
    const parameters = Object.fromEntries(
      sweep.dimensions.map(({ path }) => [path, settingAt(experiment, path)]),
    );
    const run = { id, seed: experiment.seed, experiment };
    const metrics = growingRows(join(at, runFiles.metrics), readMetrics);
    return { trial: { number: Number.NaN, parameters, runs: [run] }, experiment, metrics };
  }

  async function report(): Promise<string | undefined> {
    const age = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    // Every sweep that came to its end writes the page after the last trial.
    if (holder || age(sweepFiles.report) === 0 || age(sweepFiles.report) < age(sweepFiles.trials)) {
      return undefined;
    }
    return readText(folder, sweepFiles.report);
  }

  holder = await holderOf(folder);
  await tryTo(() => readEnded(true));
  await tryTo(readWorking);
  return {
    source: {
      title: sweep.name,
      page: live.page,
      figures() {
        const figures = live.figures();
        const { state, note, stoppable } = workText(holder);
        return { ...figures, texts: { ...figures.texts, state, note }, stoppable };
      },
    },
    async look(due) {
      holder = await holderOf(folder);
      const news = due
        ? [await tryTo(() => readEnded(false)), holder ? await tryTo(readWorking) : false]
        : [];
      return { changed: news.includes(true), report: await report() };
    },
    stop: () => stopIn(folder),
  };
}

/** A setting by its path: `model[0].units`. */
function settingAt(experiment: Experiment, path: string): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  return steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    experiment,
  );
}
