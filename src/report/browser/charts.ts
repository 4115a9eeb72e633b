/**
 * Draws the curves of a page in the reader's browser, with uPlot, which the page contains. Colours come
 * from the style sheet, so they follow the reader's colour scheme, and they suit paper while printing.
 */
import type { Chart } from './chart.ts';
import { startControls } from './controls.ts';
import { type DrawnChart, draw } from './draw.ts';

export interface Charts {
  /** Draws the same figures with other values. Figures that came into the page, or left it, are seen to. */
  update(charts: readonly Chart[]): void;
}

/** Draws each chart into the figure of the page with `data-chart` of its title. */
export function startCharts(given: readonly Chart[]): Charts {
  const drawn = new Map<HTMLElement, DrawnChart>();
  const hidden = new Map<HTMLElement, Set<string>>();
  const drawInto = (figure: HTMLElement, chart: Chart) => {
    const own = hidden.get(figure) ?? new Set();
    hidden.set(figure, own);
    drawn.set(figure, draw(chart, figure.querySelector<HTMLElement>('.plot')!, controls.look, own));
  };
  const controls = startControls(() => {
    for (const [figure, before] of drawn) {
      before.remove();
      drawInto(figure, before.chart());
    }
  });
  const update = (charts: readonly Chart[]) => {
    for (const [figure, chart] of drawn) {
      if (figure.isConnected) continue;
      chart.remove();
      drawn.delete(figure);
      hidden.delete(figure);
    }
    for (const figure of document.querySelectorAll<HTMLElement>('[data-chart]')) {
      const chart = charts.find(({ title }) => title === figure.dataset.chart);
      if (!chart) continue;
      const before = drawn.get(figure);
      if (before?.update(chart)) continue;
      before?.remove();
      drawInto(figure, chart);
    }
    controls.show();
  };
  update(given);
  const redraw = () => {
    for (const { plot } of drawn.values()) plot.redraw(false, true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('paper');
    redraw();
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('paper');
    redraw();
  });
  return { update };
}
