/** The program in the page of a run. */
import type { Chart } from './chart.ts';
import { startCharts } from './charts.ts';
import { startMistakes } from './mistakes.ts';
import { startTry } from './try/start.ts';

const charts: Chart[] = JSON.parse(document.getElementById('charts')!.textContent!);
startCharts(charts);
startMistakes();
startTry();
