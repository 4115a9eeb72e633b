/** The table of figures of a comparison: a row for each run, or for the mean of several. */
import type { Figures } from '../../contracts/figures.ts';
import { duration, grouped, shortEpoch } from '../../foundation/format.ts';
import { meanAndDeviation } from '../../foundation/statistics.ts';
import { figuresFor } from '../../model/catalogue.ts';
import { figureCalled } from '../../model/figure-text.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import { figuresOf } from '../../training/evaluation.ts';
import { bestEpoch } from '../best-epoch.ts';
import { type Content, html, type Markup } from '../page/markup.ts';
import { spreadText } from '../spread.ts';
import type { Compared } from './facts.ts';
import { groupsBy, sameBits } from './remarks.ts';
import { runName } from './run-name.ts';

/** A column: what it is, and a cell for each row. */
interface Column {
  title: Content;
  cells: readonly Content[];
  /** Text that may be broken into lines. */
  words?: true;
}

/** @param compared those of one task */
export function figureTable(
  compared: readonly Compared[],
  linkOf: (one: Compared) => string | undefined,
): Markup {
  const columns = [
    ...testColumns(compared),
    ...validationColumns(compared),
    ...columnsOf(compared),
    digestColumn(compared),
  ];
  const rows = compared.map(
    (one, row) => html`<tr><th scope="row">${runName(one, linkOf(one))}</th>
${columns.map(({ cells, words }) => html`<td${words ? html` class="words"` : undefined}>${cells[row]}</td>`)}</tr>
`,
  );
  return html`<div class="scroll"><table class="numbers beginnings named">
<thead><tr>${['run', ...columns.map(({ title }) => title)].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

/** All figures on the test set. The best of each is marked, if there is one. */
function testColumns(compared: readonly Compared[]): Column[] {
  const { task } = compared[0]!;
  const names = [
    ...new Set(compared.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(testOf(run) ?? {})))),
  ];
  const comparable = groupsBy(compared, ({ runs }) => runs[0]!.summary?.dataSha256).length < 2;
  return [...names.filter((name) => name !== 'loss'), ...names.filter((name) => name === 'loss')].map(
    (name) => {
      const { title, note, better } = figureCalled(name, task);
      const values = compared.map(({ runs }) => runs.flatMap((run) => testOf(run)?.[name] ?? []));
      const means = values.map((of) => (of.length > 0 ? meanAndDeviation(of).mean : undefined));
      const known = means.filter((mean) => mean !== undefined);
      const best = better === 'less' ? Math.min(...known) : Math.max(...known);
      const marked = comparable && name !== 'loss' && new Set(known).size > 1;
      return {
        title: note === undefined ? `test ${title}` : html`<span title="${note}">test ${title}</span>`,
        cells: values.map((of, row) => {
          const text = spreadText(name, of);
          return marked && means[row] === best ? html`<b>${text}</b>` : text || '–';
        }),
      };
    },
  );
}

const testOf = ({ summary }: RunFacts): Figures | undefined =>
  summary?.test ? figuresOf(summary.test as Figures) : undefined;

/** The best evaluation on the validation set. */
function validationColumns(compared: readonly Compared[]): Column[] {
  const { figures, kept } = figuresFor(compared[0]!.task);
  const main = figures.some(({ name }) => name === kept) ? kept : figures[0]!.name;
  const best = compared.map(({ runs }) => runs.flatMap(bestRow));
  const column = (name: string): Column => ({
    title: `best validation ${figureCalled(name).title}`,
    cells: best.map(
      (rows) =>
        spreadText(
          name,
          rows.map(({ figures }) => figures[name]!),
        ) || '–',
    ),
  });
  if (best.every((rows) => rows.length === 0)) return [];
  return [
    column(main),
    { title: 'loss there', cells: column('loss').cells },
    {
      title: 'in epoch',
      cells: best.map((rows) =>
        rangeText(
          rows.map(({ epoch }) => epoch),
          shortEpoch,
        ),
      ),
    },
  ];
}

function bestRow(run: RunFacts): { epoch: number; figures: Figures }[] {
  const epoch = bestEpoch(run)?.epoch;
  const figures = run.epochs.find((row) => row.epoch === epoch)?.validation;
  return epoch === undefined || !figures ? [] : [{ epoch, figures }];
}

function columnsOf(compared: readonly Compared[]): Column[] {
  const column = (
    title: string,
    value: (run: RunFacts) => number | undefined,
    text: (value: number) => string,
  ) => ({
    title,
    cells: compared.map(({ runs }) =>
      rangeText(
        runs.flatMap((run) => value(run) ?? []),
        text,
      ),
    ),
  });
  return [
    column('epochs', ({ summary, epochs }) => epochs.at(-1)?.epoch ?? summary?.epochs ?? 0, shortEpoch),
    column('parameters', ({ summary }) => summary?.parameters, grouped),
    column('time', ({ summary }) => summary?.seconds, duration),
  ];
}

/** `12`, or of several that differ `9 to 12`. */
function rangeText(values: readonly number[], text: (value: number) => string): string {
  if (values.length === 0) return '–';
  const [low, high] = [Math.min(...values), Math.max(...values)].map(text) as [string, string];
  return low === high ? low : `${low} to ${high}`;
}

/** The digest of the weights, or of how many runs. Of the same bits the head of the page says whose. */
function digestColumn(compared: readonly Compared[]): Column {
  const groups = sameBits(compared);
  return {
    title: 'weights sha256',
    words: true,
    cells: compared.map((one) => {
      const digests = one.runs.flatMap(({ summary }) => summary?.weightsSha256 ?? []);
      const same = groups.some((group) => group.includes(one)) ? html` <b>the same bits</b>` : undefined;
      if (digests.length === 0) return '–';
      return html`<code>${digests.length > 1 ? `${digests.length} digests` : digests[0]!.slice(0, 12)}</code>${same}`;
    }),
  };
}
