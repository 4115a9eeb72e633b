/** The curves of loss and accuracy: what metrics.csv would hold up to here. */
import type { EpochFigures } from 'lockstep/browser';
import type { Chart } from '../report/browser/chart.ts';
import { type Charts, startCharts } from '../report/browser/charts.ts';
import { byId } from './elements.ts';

let charts: Charts | undefined;
let shown: readonly EpochFigures[] | undefined;

/** Draws the figures. They are another array whenever they are others. */
export function drawCurves(history: readonly EpochFigures[]): void {
  if (history === shown) return;
  shown = history;
  const empty = history.length === 0;
  byId('curves').hidden = empty;
  byId('no-curves').hidden = !empty;
  if (empty) return;
  const now = chartsOf(history);
  if (charts) charts.update(now);
  else charts = startCharts(now);
}

function chartsOf(history: readonly EpochFigures[]): Chart[] {
  const x = history.map(({ epoch }) => epoch);
  const chart = (title: string, name: 'loss' | 'accuracy', unit: Chart['unit']): Chart => ({
    ...{ title, note: '', unit, x },
    series: [
      { name: 'training', role: 'training', values: history.map(({ train }) => train[name] ?? null) },
      {
        ...{ name: 'validation', role: 'validation' },
        values: history.map(({ validation }) => validation?.[name] ?? null),
      },
    ],
  });
  return [chart('Loss', 'loss', 'number'), chart('Accuracy', 'accuracy', 'share')];
}
