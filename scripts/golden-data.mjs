// The data of the golden trainings: pictures and tables made by integer arithmetic only, so that they are the
// same on every machine.
import { allocateImages, allocateSamples, greyPictures } from '../dist/src/data/dataset.js';
import { datasetOf } from '../dist/src/data/from-arrays.js';

/**
 * A data set made by integer arithmetic only. Each class lights its own lattice, some of its pixels are
 * missing, most other pixels are zero, and there is noise.
 */
export function syntheticDataset({ height = 12, width = 12, classes = 7, train = 600, test = 100 } = {}) {
  const below = lehmer(20260101);
  const fill = (count) => {
    const samples = allocateImages(count, height * width);
    for (let i = 0; i < count; i++) {
      const label = below(classes);
      samples.targets[i] = label;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const lit = (row * (label + 2) + column * (label + 3)) % 11 === 0;
          const pixel = lit && below(3) > 0 ? 60 + below(196) : below(12) === 0 ? below(200) : 0;
          samples.features[(i * height + row) * width + column] = pixel;
        }
      }
    }
    return samples;
  };
  return greyPictures('synthetic', { height, width }, fill(train), fill(test));
}

/** Colour pictures: each class has a stripe of its own hue, which may lie in any row. */
export function colourDataset({ height = 9, width = 7, classes = 4, train = 360, test = 80 } = {}) {
  const below = lehmer(20260102);
  const features = { kind: 'bytes', shape: [height, width, 3] };
  const targets = {
    kind: 'classes',
    count: classes,
    names: ['red', 'green', 'blue', 'grey'].slice(0, classes),
  };
  const fill = (count) => {
    const samples = allocateSamples(count, features, targets);
    for (let i = 0; i < count; i++) {
      const label = below(classes);
      const stripe = below(height);
      samples.targets[i] = label;
      for (let place = 0; place < height * width * 3; place++) {
        const row = Math.floor(place / (width * 3));
        const lit = row === stripe && (label === 3 || label === place % 3);
        samples.features[i * height * width * 3 + place] = lit ? 80 + below(176) : below(90);
      }
    }
    return samples;
  };
  return { name: 'colour', features, targets, train: fill(train), test: fill(test) };
}

const towns = ['Ulm', 'Bonn', 'Köln', 'Jena', 'Kiel'];
const sizes = ['small', 'medium', 'large'];

/**
 * The columns of a table: numbers of very different sizes, words, gaps in both, and a column that says
 * nothing.
 *
 * @param seed of the rows
 * @param gaps of so many cells one is missing; 0: none is
 */
export function syntheticColumns(count, seed, gaps) {
  const below = lehmer(seed);
  const columns = { age: [], income: [], town: [], size: [], constant: [] };
  const scores = [];
  for (let i = 0; i < count; i++) {
    const [age, income, town, size] = [18 + below(60), 100 * below(900), below(5), below(3)];
    scores.push({ age, income, town, size, noise: below(9) });
    const gap = (cell) => (gaps > 0 && below(gaps) === 0 ? null : cell);
    columns.age.push(gap(age / 4));
    columns.income.push(gap(income));
    columns.town.push(gap(towns[town]));
    columns.size.push(sizes[size]);
    columns.constant.push(7);
  }
  return { columns, scores };
}

/** Both parts of a table, with the targets that `ask` gives for each row. */
function table(name, { train, test, seed, gaps, task, target }, ask) {
  const part = (count, first) => {
    const { columns, scores } = syntheticColumns(count, first, gaps);
    const asked = scores.map(ask);
    const targets = [target].flat().map((column, c) => [column, asked.map((cells) => cells[c])]);
    return { ...columns, ...Object.fromEntries(targets) };
  };
  return datasetOf({ name, target, task, train: part(train, seed), test: part(test, seed + 1) });
}

/** Three classes, of which one is rare. */
export function tableDataset({ train = 420, test = 90, gaps = 12 } = {}) {
  const kinds = { train, test, seed: 20260103, gaps, task: 'classes', target: 'rent' };
  return table('table', kinds, ({ age, income, town, size, noise }) => {
    const score = income / 100 + 5 * age + 90 * size - 60 * (town % 2) + 4 * noise;
    return [score > 1000 ? 'high' : score > 600 ? 'middle' : 'low'];
  });
}

/** Two numbers in very different units; a few rows of the second are far off. */
export function valuesDataset({ train = 420, test = 90, gaps = 0 } = {}) {
  const kinds = { train, test, seed: 20260105, gaps, task: 'values', target: ['price', 'days'] };
  return table('values', kinds, ({ age, income, town, size, noise }) => [
    income * 3 + 20000 * size + 500 * town * town + 1000 * noise,
    (age + 10 * (town % 3) + noise) / 8 + (noise === 8 && size === 2 ? 15 : 0),
  ]);
}

/** Three times yes or no; the last is rare. */
export function flagsDataset({ train = 420, test = 90, gaps = 15 } = {}) {
  const kinds = { train, test, seed: 20260107, gaps, task: 'flags', target: ['owns', 'drives', 'moves'] };
  return table('flags', kinds, ({ age, income, town, size, noise }) => [
    income / 100 + 6 * age + 30 * noise > 750 ? 1 : 0,
    town % 2 === 1 || size === 2 ? 1 : 0,
    age < 40 && size === 0 && noise > 1 ? 1 : 0,
  ]);
}

/** The generator of Park and Miller, 1988. All products are below 2^53, so plain numbers are exact. */
export function lehmer(seed) {
  let state = seed;
  return (bound) => {
    state = (state * 16807) % 2147483647;
    return state % bound;
  };
}
