import { expect, test } from 'vitest';
import { isPosition, isSignature } from '#lockstep/run/metadata-shape.js';

const number = { kind: 'number', name: 'a' };
const form = { decimal: ',', group: '.', unit: 'EUR' };
const drawings = {
  ...{ paper: 0, ink: 255, box: 0.7, centring: 'mass', stroke: 2.5, widest: 1.5, several: 0, placed: true },
  ...{ grounds: [[0, 9]], limits: { contrast: 100, box: [0.4, 0.9], off: 0.15 } },
};

const table = (column: object = { ...number, form }, targets: object = { kind: 'values', names: ['y'] }) => ({
  features: { kind: 'floats', shape: [1], columns: [column] },
  targets,
  preparation: { kind: 'columns', columns: [{ ...number, shift: 0, scale: 1 }] },
  unit: { mean: [0], deviation: [1] },
});
const pictures = (more: object = {}, of: object = {}, features: object = {}) => ({
  features: { kind: 'bytes', shape: [4, 4, 1], ...features },
  targets: { kind: 'classes', count: 2 },
  preparation: { kind: 'pixels' },
  unit: { mean: [0], deviation: [1] },
  pictures: {
    ...{ shape: [4, 4, 1], range: [0, 255], blank: false, resized: false },
    drawings: { ...drawings, ...of },
    ...more,
  },
});

test.each([
  ['of a table', table()],
  ['of plain numbers', table(number)],
  ['of pictures', pictures()],
  ['of photos', pictures({ drawings: null })],
  ['of pictures with another white', pictures({}, {}, { white: 16 })],
])('a signature %s is one', (_, signature) => {
  expect(isSignature(JSON.parse(JSON.stringify(signature)))).toBe(true);
});

test.each([
  ['a form of something else', table({ ...number, form: 5 })],
  ['a decimal mark of something else', table({ ...number, form: { ...form, decimal: ';' } })],
  ['a form without a unit', table({ ...number, form: { decimal: '.', group: '' } })],
  ['too few names', table(number, { kind: 'classes', count: 3, names: ['a'] })],
  ['too few words for yes', table(number, { kind: 'flags', names: ['a'], yes: [] })],
  ['a level above 255', pictures({}, { paper: 1e9 })],
  ['a box of text', pictures({}, { box: 'x' })],
  ['no stroke', pictures({}, { stroke: null })],
  ['another centring', pictures({}, { centring: 'edge' })],
  ['grounds of something else', pictures({}, { grounds: [0] })],
  ['limits of something else', pictures({}, { limits: { contrast: 1 } })],
  ['something more', pictures({}, { more: 1 })],
  ['a range of three', pictures({ range: [0, 1, 2] })],
  ['pictures of another shape', pictures({ shape: [5, 4, 1] })],
  ['seven channels', pictures({}, {}, { shape: [4, 4, 7] })],
])('a signature with %s is none', (_, signature) => {
  expect(isSignature(signature)).toBe(false);
});

test('the figures of a position are numbers, the loss among them', () => {
  const position = (validation: unknown) => ({
    steps: 2,
    tally: { sums: [0], seen: 0 },
    history: [{ epoch: 1, step: 2, learningRate: 0.1, train: { loss: 1 }, validation }],
  });
  expect(isPosition(position({ loss: null, accuracy: 0.5 }))).toBe(true);
  expect(isPosition(position(undefined))).toBe(true);
  for (const wrong of [null, [], {}, { accuracy: 1 }, { loss: 'x' }, { loss: 1, confusion: {} }]) {
    expect(isPosition(position(wrong)), JSON.stringify(wrong)).toBe(false);
  }
});
