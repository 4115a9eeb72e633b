/** The types of an exported ES module, as TypeScript reads them beside it. */

/** What `model` says in the module. */
export interface AboutModel {
  name: string;
  lockstep: string;
  weightsSha256: string;
  task: string;
  /** Of a table: what a row has. */
  columns?: readonly { name: string; kind: 'number' | 'category' }[];
  /** Of pictures: height, width, channels. */
  shape?: readonly number[];
  /** Of classes, in the order of the probabilities. */
  classes?: readonly (string | number)[];
  /** Of values and flags, in their order. */
  targets?: readonly string[];
}

/** More classes than this are not listed: an editor would show them all. */
const mostListed = 100;

export function typesOf(about: AboutModel): string {
  return [
    ...rowTypes(about),
    ...predictionTypes(about),
    '',
    '/** Predicts a row. A TypeError or RangeError names the cell that cannot be read. */',
    'export declare function predict(row: Row): Prediction;',
    '/** Predicts rows, in their order. */',
    'export declare function predict(rows: readonly Row[]): Prediction[];',
    '',
    ...modelType(about),
    '',
  ].join('\n');
}

function rowTypes({ shape, columns }: AboutModel): string[] {
  if (shape) {
    const [height, width, channels] = shape as [number, number, number];
    const order = channels > 1 ? `, the ${channels} channels of a pixel side by side` : '';
    return [
      `/** The ${height * width * channels} pixels of a picture, ${height} lines of ${width}${order}. */`,
      'export type Row = ArrayLike<number>;',
      '',
    ];
  }
  const fields = columns!.map(({ name, kind }) => `  ${JSON.stringify(name)}?: ${typeOfCell(kind)};`);
  return [
    '/** A row of the table. What is null, undefined or left out is missing. */',
    'export interface Columns {',
    ...fields,
    '}',
    '',
    '/** A row by the names of its columns, or its cells in their order. */',
    'export type Row = Columns | readonly (number | string | null | undefined)[];',
    '',
  ];
}

const typeOfCell = (kind: 'number' | 'category') => (kind === 'number' ? 'number | null' : 'string | null');

function predictionTypes({ task, classes, targets }: AboutModel): string[] {
  if (task === 'values') {
    return prediction(`/** In the order of \`model.targets\`: ${listed(targets!)}. */`, 'values: number[];');
  }
  if (task === 'flags') {
    return prediction(
      `/** 0 or 1, in the order of \`model.targets\`: ${listed(targets!)}. */`,
      'flags: (0 | 1)[];',
      '/** How likely each is, 0 to 1. */',
      'probabilities: number[];',
    );
  }
  return [
    `export type Class = ${classes!.length <= mostListed ? union(classes!) : typeof classes![0]};`,
    '',
    ...prediction(
      '/** The most likely class. */',
      'class: Class;',
      '/** How likely each class is, in the order of `model.classes`. */',
      'probabilities: number[];',
    ),
  ];
}

const prediction = (...lines: string[]) => [
  'export interface Prediction {',
  ...lines.map((line) => `  ${line}`),
  '}',
];

const union = (classes: readonly (string | number)[]) =>
  classes.map((one) => JSON.stringify(one)).join(' | ');

/** Names in a comment, which `*` and `/` would end. */
const listed = (names: readonly string[]) =>
  `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`
    .replaceAll('*/', '* /')
    .replace(/\s+/g, ' ');

function modelType({ columns, shape, classes, targets }: AboutModel): string[] {
  return [
    'export declare const model: {',
    '  readonly name: string;',
    '  /** Version of Lockstep. */',
    '  readonly lockstep: string;',
    '  readonly weightsSha256: string;',
    '  readonly task: string;',
    ...(columns ? ["  readonly columns: readonly { name: string; kind: 'number' | 'category' }[];"] : []),
    ...(shape ? ['  readonly shape: readonly [height: number, width: number, channels: number];'] : []),
    ...(classes ? ['  readonly classes: readonly Class[];'] : []),
    ...(targets ? ['  readonly targets: readonly string[];'] : []),
    '};',
  ];
}
