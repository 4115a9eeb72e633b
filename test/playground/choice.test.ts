// What the playground offers at first is what the experiments of the same names say, and a link and a command
// say all of a choice.
import { expect, test } from 'vitest';
import { openExperiment } from '#lockstep/cli/find-experiment.js';
import { defineExperiment } from '#lockstep/experiment/define.js';
import { numericsOf } from '#lockstep/experiment/experiment.js';
import { addressOf, choiceAt } from '../../src/playground/address.ts';
import { type Choice, commandOf, settingsOf, shipped, sources } from '../../src/playground/choice.ts';

const other: Choice = {
  ...{ source: 'spirals', noise: 0.2, units: [5, 4, 3], activation: 'none', normalisation: 'layer-norm' },
  ...{ dropout: 0.5, optimizer: 'momentum', learningRate: 0.3, schedule: 'constant', batchSize: 4 },
  ...{ epochs: 7, seed: 11 },
} as const;

test.each(sources)('%s begins as the experiment does', (source) => {
  const numerics = numericsOf(defineExperiment(settingsOf(shipped[source])));
  const {
    turns: _t,
    arms: _a,
    ...data
  } = numericsOf(openExperiment(source, []).experiment).data as Record<string, unknown>;
  expect(numerics).toEqual({ ...numericsOf(openExperiment(source, []).experiment), data });
  expect(commandOf(shipped[source])).toBe(`npx train ${source}`);
  expect(addressOf(shipped[source])).toBe(`source=${source}`);
});

test('a link leads to the same choice', () => {
  for (const choice of [other, { ...other, units: [] }]) expect(choiceAt(addressOf(choice))).toEqual(choice);
});

test.each([
  'units=0',
  'units=1,2,3,4,5',
  'units=x',
  'seed=-1',
  'seed=1.5',
  'epochs=',
  'batchSize=1e9',
  'activation=<b>',
  'learningRate=NaN',
])('a link that says %s says nothing', (wrong) => {
  expect(choiceAt(wrong)).toEqual(shipped['two-moons']);
});

test('the command says all that differs', () => {
  expect(commandOf(other)).toBe(
    'npx train spirals --seed 11 --epochs 7 --batch-size 4 --set data.noise=0.2 --set "model=[' +
      '{kind: dense, units: 5}, layer-norm, {kind: dropout, rate: 0.5}, ' +
      '{kind: dense, units: 4}, layer-norm, {kind: dropout, rate: 0.5}, ' +
      '{kind: dense, units: 3}, layer-norm, {kind: dropout, rate: 0.5}, {kind: dense, units: classes}]" ' +
      '--set "optimizer={kind: sgd, learningRate: 0.3, momentum: 0.9}" --set schedule=constant',
  );
  expect(commandOf(other, 9)).toContain(' --set steps=9 ');
});
