/** What is in a data set, as lines for people. */
import { clip, type Stream } from './console.ts';
import type { ClassFacts, ColumnFacts, Facts, NumberFacts } from './data-facts.ts';
import { grouped, table } from './format.ts';
import { bar } from './terminal-characters.ts';

/** Name and text of the lines at the top. */
export function headLines({ notes, samples, picture, columns, target }: Facts): [string, string][] {
  const rows = columns ? 'rows' : 'pictures';
  const lines: [string, string][] = [];
  for (const note of notes) lines.push([lines.length === 0 ? 'read' : '', note]);
  lines.push([rows, `${grouped(samples.train)} training · ${grouped(samples.test)} test`]);
  if (picture) {
    const [height, width, channels] = picture.shape;
    const colours = { 1: 'grey', 3: 'colour' }[channels!] ?? `${channels} channels`;
    lines.push(['size', `${height} x ${width} pixels, ${colours}`]);
  }
  if (columns) lines.push(['columns', `${columns.length} that are read`]);
  const of = target.kind === 'classes' ? `${grouped(target.classes.length)} classes` : target.kind;
  const where = target.kind === 'classes' && target.column !== undefined ? `${target.column}: ` : '';
  lines.push(['target', where + of]);
  return lines;
}

/** Columns that are shown. */
const mostColumns = 20;

/** A table of the columns that are read. */
export function columnLines({ columns = [] }: Facts, to: Stream): string[] {
  if (columns.length === 0) return [];
  const shown = columns.slice(0, mostColumns);
  return [
    ...numbersTable(['column', 'kind'], shown, to, (column) => [column.name, kindText(column)]),
    ...(shown.length < columns.length
      ? [to.paint('dim', `… and ${grouped(columns.length - shown.length)} more; --json has all of them`)]
      : []),
  ];
}

/** The values or flags to predict. */
export function valueLines({ values = [] }: Facts, to: Stream): string[] {
  if (values.length === 0) return [];
  const shown = values.slice(0, mostColumns);
  const lines = numbersTable(['predicted'], shown, to, ({ name }) => [name]);
  const more = values.length - shown.length;
  if (more > 0) lines.push(to.paint('dim', `… and ${grouped(more)} more; --json has all of them`));
  return lines;
}

const kindText = ({ kind }: ColumnFacts) => (kind === 'number' ? 'number' : 'words');

/** The longest name of a column. */
const longestName = 24;

function numbersTable(
  heads: readonly string[],
  columns: readonly ColumnFacts[],
  to: Stream,
  first: (column: ColumnFacts) => readonly string[],
): string[] {
  const missing = columns.some((column) => column.missing > 0);
  const rows = columns.map((column) => [
    ...first(column).map((text) => clip(text, longestName + 1)),
    ...(missing ? [column.missing === 0 ? '' : grouped(column.missing)] : []),
    column.kind === 'number' ? figuresText(column) : wordsText(column.words),
  ]);
  const header = [...heads, ...(missing ? ['missing'] : []), 'training rows'];
  const alignment = `${'l'.repeat(heads.length)}${missing ? 'r' : ''}l`;
  const width = to.live ? to.columns() : Number.POSITIVE_INFINITY;
  return table([header, ...rows], alignment).map((line, i) => {
    const text = clip(line, width);
    return i === 0 ? to.paint('bold', text) : text;
  });
}

/** `4.3 to 7.9, mean 5.843 ± 0.8253` */
function figuresText({ least, most, mean, deviation }: NumberFacts): string {
  if (least === null) return 'all missing';
  if (least === most) return `always ${short(least)}`;
  return `${short(least)} to ${short(most!)}, mean ${short(mean!)} ± ${short(deviation!)}`;
}

/** Words that are named. */
const mostWords = 6;

/** `3 words: Biscoe 168, Dream 124, Torgersen 52` */
function wordsText(words: readonly { word: string; count: number }[]): string {
  const shown = words
    .slice(0, mostWords)
    .map(({ word, count }) => `${clip(word, longestName)} ${grouped(count)}`);
  const more = words.length > shown.length ? ', …' : '';
  return `${grouped(words.length)} ${words.length === 1 ? 'word' : 'words'}: ${shown.join(', ')}${more}`;
}

/** Four digits, or all of those before the point. */
function short(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) ? size < 1e9 : size >= 1000 && size < 1e9) return grouped(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

/** Classes that are shown one by one; of more, some of the most and of the least frequent. */
const mostClasses = 20;
const bothEnds = 10;

/** A bar for each class. */
export function classLines({ target }: Facts, to: Stream): string[] {
  if (target.kind !== 'classes') return [];
  const { classes } = target;
  const all = classes.length <= mostClasses;
  const byCount = [...classes].sort((a, b) => b.train - a.train);
  const shown = all ? classes : [...byCount.slice(0, bothEnds), ...byCount.slice(-bothEnds)];
  const rows = shown.map(({ name, train, test }) => [clip(name, longestName), grouped(train), grouped(test)]);
  const lines = table([['class', 'training', 'test'], ...rows], 'lrr');
  const width = Math.max(...lines.map((line) => line.length));
  const most = Math.max(1, byCount[0]!.train);
  const room = to.live ? Math.min(40, to.columns() - width - 4) : 0;
  const drawn = lines.map((line, i) => {
    if (i === 0) return to.paint('bold', line);
    if (room < 5) return line;
    const { train } = shown[i - 1] as ClassFacts;
    return `${line.padEnd(width)}  ${to.paint('cyan', bar(train / most, room))}`.trimEnd();
  });
  if (all) return drawn;
  const between = to.paint(
    'dim',
    `… and ${grouped(classes.length - 2 * bothEnds)} more between; --json has all of them`,
  );
  return [...drawn.slice(0, 1 + bothEnds), between, ...drawn.slice(1 + bothEnds)];
}
