// The trainings whose exports are compared: on MNIST, and on tables that are made here, by a generator with
// a seed: words, gaps, words that the training part never had, large offsets.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dense = (units) => ({ kind: 'dense', units });

/** Every activation in turn, with what normalises and drops between them. */
const everyLayer = [
  ...['relu', 'leaky-relu', 'elu', 'gelu', 'silu', 'tanh', 'sigmoid'].flatMap((kind, i) => [
    dense(24 + 4 * i),
    { kind: i % 2 === 0 ? 'batch-norm' : 'layer-norm' },
    kind,
  ]),
  { kind: 'dropout', rate: 0.2 },
];

const residual = [
  { kind: 'residual', layers: [dense(64), 'relu', dense(64)], shortcut: [dense(64)] },
  'batch-norm',
  'relu',
  { kind: 'residual', layers: [dense(64), 'batch-norm', 'gelu', dense(64)] },
  'relu',
];

const conv = (channels, kernel, settings) => ({ kind: 'conv', channels, kernel, ...settings });

/** Windows of every sort, with both pools and a shortcut of one place. */
const windows = [
  conv(8, 5, { stride: 2, padding: 'same' }),
  ...['batch-norm', 'relu', { kind: 'max-pool', size: 3, stride: 2, padding: 1 }],
  {
    kind: 'residual',
    layers: [
      conv(12, 3, { padding: 2, dilation: 2, groups: 4 }),
      'batch-norm',
      'silu',
      conv(16, 3, { padding: 1 }),
    ],
    shortcut: [conv(16, 1, { bias: false })],
  },
  ...[{ kind: 'dropout', rate: 0.1, per: 'channel' }, conv(16, [3, 2], { groups: 16 })],
  {
    kind: 'residual',
    layers: ['global-average-pool', dense(24)],
    shortcut: ['average-pool', 'flatten', dense(24)],
  },
];

/** Each with the experiment that it trains; `write` makes its data in a folder. */
export const cases = [
  {
    name: 'MNIST',
    experiment: { model: [dense(128), 'relu', dense('classes')], epochs: 3 },
  },
  {
    name: 'MNIST, residual, batch-norm',
    experiment: { model: [...residual, dense('classes')], epochs: 2 },
  },
  {
    name: 'MNIST, every layer',
    experiment: { data: { training: 20_000 }, model: [...everyLayer, dense('classes')], epochs: 2 },
  },
  {
    name: 'MNIST, windows',
    experiment: { data: { training: 6000 }, model: [...windows, dense('classes')], epochs: 1 },
  },
  {
    name: 'MNIST, squared error',
    experiment: {
      data: { training: 20_000 },
      model: [dense(64), 'tanh', dense('classes')],
      loss: { kind: 'mean-squared-error' },
      epochs: 2,
    },
  },
  {
    name: 'table, words and gaps',
    write: (folder) => writeTable(folder, 'shops', shopHeader, (draw) => [...shop(draw), kindOf(draw)]),
    experiment: {
      data: { target: 'kind', missing: 'category' },
      model: [dense(32), 'batch-norm', 'relu', dense('classes')],
      epochs: 20,
    },
  },
  {
    name: 'regression',
    write: (folder) => writeTable(folder, 'houses', houseHeader, house),
    experiment: {
      data: { target: ['price', 'rent'], missing: 'mean' },
      model: [dense(32), 'silu', dense('targets')],
      loss: { kind: 'huber' },
      epochs: 20,
    },
  },
  {
    name: 'flags',
    write: (folder) => writeTable(folder, 'tags', tagHeader, tags),
    experiment: {
      data: { target: ['large', 'old', 'open'], missing: 'category' },
      model: [dense(32), 'elu', dense('targets')],
      loss: { kind: 'binary-cross-entropy' },
      epochs: 20,
    },
  },
];

const shopHeader = ['area', 'town', 'year', 'colour', 'rating', 'kind'];
const houseHeader = ['area', 'rooms', 'year', 'metres', 'price', 'rent'];
const tagHeader = ['area', 'town', 'year', 'large', 'old', 'open'];

/** Numbers of 0 to 1, the same each time (Park and Miller, 1988). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const pick = (draw, list) => list[Math.floor(draw() * list.length)];
const sometimes = (draw, share, value) => (draw() < share ? '' : value);

/** A row of the table without what is predicted. `draw.test` says whether it is for the test file. */
function shop(draw) {
  const towns = ['Oslo', 'Bergen', 'Tromsø', 'Molde', ...(draw.test ? ['Bodø'] : [])];
  return [
    sometimes(draw, 0.1, (20 + 200 * draw()).toFixed(1)),
    sometimes(draw, 0.1, pick(draw, towns)),
    String(1950 + Math.floor(70 * draw())),
    pick(draw, ['red', 'green, dark', 'blue']),
    sometimes(draw, 0.3, (5 * draw()).toFixed(2)),
  ];
}

const kindOf = (draw) => pick(draw, ['food', 'books', 'shoes']);

function house(draw) {
  const area = 20 + 200 * draw();
  const year = 1950 + Math.floor(70 * draw());
  const price = 3000 * area + 500 * (year - 1950) + 10_000 * draw();
  return [
    sometimes(draw, 0.1, area.toFixed(1)),
    String(1 + Math.floor(area / 30)),
    String(year),
    // Whole numbers, which float32 still tells apart.
    String(6_371_000 + Math.floor(100 * draw())),
    price.toFixed(0),
    (price / 300 + 50 * draw()).toFixed(2),
  ];
}

function tags(draw) {
  const [area, town, year] = shop(draw);
  const flag = (is) => String(is !== draw() < 0.1 ? 1 : 0);
  return [area, town, year, flag(Number(area) > 120), flag(Number(year) < 1980), flag(town === 'Oslo')];
}

/** Writes `NAME-train.csv` with 3,000 rows and `NAME-test.csv` with 1,000. Returns the path of the first. */
function writeTable(folder, name, header, row) {
  for (const [part, count] of Object.entries({ train: 3000, test: 1000 })) {
    const draw = Object.assign(generator(part === 'train' ? 7 : 11), { test: part === 'test' });
    const rows = Array.from({ length: count }, () => row(draw).map(quoted).join(','));
    writeFileSync(join(folder, `${name}-${part}.csv`), `${[header.join(','), ...rows].join('\n')}\n`);
  }
  return join(folder, `${name}-train.csv`);
}

const quoted = (cell) => (cell.includes(',') ? `"${cell}"` : cell);
