/** Follows the folder of a run: its tables and checkpoints, until it has a summary and a report. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shapeOf } from '../data/split.ts';
import { compact, duration, grouped, shortEpoch } from '../foundation/format.ts';
import { lossText } from '../model/figure-text.ts';
import { planNetwork } from '../model/network.ts';
import { firstWeightsOf } from '../report/page/first-weights.ts';
import { html } from '../report/page/markup.ts';
import { page } from '../report/page/page.ts';
import { readCheckpoint } from '../run/checkpoint.ts';
import { type Holder, holderOf } from '../run/lock.ts';
import { readSignature } from '../run/read-signature.ts';
import { dataFacts } from '../run/record-run.ts';
import { readFacts } from '../run/run-facts.ts';
import { runFiles } from '../run/run-files.ts';
import { readConfig, readText } from '../run/run-folder.ts';
import { readMetrics, readTiming } from '../run/run-tables.ts';
import { firstWeights } from './first-weights.ts';
import { growingRows } from './growing-rows.ts';
import { progressPart } from './progress-part.ts';
import { runParts, type Underway } from './run-parts.ts';
import type { LiveFigures } from './source.ts';
import { tryTo } from './try-to.ts';
import { stampOf, stopIn, type Watched, workText } from './watched.ts';

const tiles = [
  ['left', 'time left'],
  ['speed', 'samples/s'],
  ['loss', 'training loss'],
] as const;

/** Epochs by whose time the rest is guessed. */
const recent = 5;

/** @throws LockstepError if it is no folder of a run */
export async function watchRun(folder: string): Promise<Watched> {
  const { experiment, text: config } = await readConfig(folder);
  const underway: Underway = {
    facts: {
      experiment,
      config,
      summary: undefined,
      underway: {},
      epochs: [],
      timing: [],
      confusion: undefined,
    },
    confusion: undefined,
    weights: html``,
  };
  const { facts } = underway;
  const weights = firstWeights();
  const top = progressPart({ bars: [['training', 'training']], tiles, what: 'the training' });
  const metrics = growingRows(join(folder, runFiles.metrics), readMetrics);
  const timing = growingRows(join(folder, runFiles.timing), readTiming);
  let checkpoints = '';
  let holder: Holder | undefined;

  async function readTables(): Promise<boolean> {
    const news = [await metrics.look(), await timing.look()];
    [facts.epochs, facts.timing] = [metrics.rows, timing.rows];
    return news.includes(true);
  }

  /** The newer of the two checkpoints. */
  async function readWeights(): Promise<boolean> {
    const names = [runFiles.weights, runFiles.best].filter((name) => existsSync(join(folder, name)));
    const stamp = stampOf(folder, names);
    if (names.length === 0 || stamp === checkpoints || !weights.pace.due) return false;
    checkpoints = stamp;
    return weights.pace.spendWaiting(async () => {
      const found = await Promise.all(names.map((name) => readCheckpoint(join(folder, name))));
      const newest = found.toSorted((a, b) => b.epochs - a.epochs)[0]!;
      const signature = readSignature(newest.file, newest.signature, folder, undefined);
      facts.underway = dataFacts(signature);
      const network = planNetwork(experiment.model, shapeOf(signature));
      const first = firstWeightsOf(network);
      const tensor = newest.tensors.find(({ id }) => id === network.parameters[first ?? -1]?.id);
      if (!tensor) return true;
      weights.make(signature, newest.epochs, tensor);
      underway.weights = weights.section;
      return true;
    });
  }

  function figures(): LiveFigures {
    const { state, note, stoppable } = workText(holder);
    const row = facts.epochs.at(-1);
    const planned = experiment.epochs;
    const done = row?.epoch ?? 0;
    const times = facts.timing.slice(-recent);
    const spent = times.reduce((sum, { seconds }) => sum + seconds, 0);
    const from = facts.timing.at(-recent - 1)?.epoch ?? 0;
    const last = times.at(-1);
    const each = last && last.epoch > from ? spent / (last.epoch - from) : Number.NaN;
    const left = planned === undefined ? Number.NaN : each * (planned - done);
    return {
      texts: {
        ...{ state, note },
        training: `epoch ${shortEpoch(done)}${planned === undefined ? '' : ` of ${grouped(planned)}`}`,
        left: holder && Number.isFinite(left) ? duration(left) : '–',
        speed: last ? compact(last.samplesPerSecond) : '–',
        loss: row?.train.loss === undefined ? '–' : lossText(row.train.loss),
      },
      shares: { training: planned === undefined ? null : done / planned },
      stoppable,
    };
  }

  async function report(): Promise<string | undefined> {
    if (holder || !existsSync(join(folder, runFiles.summary))) return undefined;
    const written = await readText(folder, runFiles.report);
    if (written !== undefined) return written;
    // It could not be written, so it is made, without predictions.
    const missing = `there is no ${runFiles.report}; \`train report\` writes it.`;
    return page(await readFacts(folder), { missing });
  }

  holder = await holderOf(folder);
  await tryTo(readTables);
  await tryTo(readWeights);
  return {
    source: { title: experiment.name, page: () => runParts({ live: top }, underway), figures },
    async look(due) {
      holder = await holderOf(folder);
      const news = due ? [await tryTo(readTables), await tryTo(readWeights)] : [];
      return { changed: news.includes(true), report: await report() };
    },
    stop: () => stopIn(folder),
  };
}
