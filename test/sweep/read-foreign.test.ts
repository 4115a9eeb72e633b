// Sweep files as Weights & Biases takes them.
import { describe, expect, test } from 'vitest';
import { block, complaint, complaintsOf } from '../support/read-sweep.ts';
import { sweepAlone, toySweep } from '../support/toy-sweep.ts';

describe('a plain Weights & Biases sweep', () => {
  const plain = `program: train.py
project: p
entity: me
command: [python, train.py]
name: mine
method: bayes
run_cap: 30
metric: { name: val_loss, goal: minimize, target: 0.01 }
parameters:
  optimizer:
    parameters:
      learningRate: { min: 0.001, max: 0.1 }
      momentum: { distribution: uniform, min: 0, max: 0.9 }
  batchSize: { min: 16, max: 64 }
  epochs: { value: 3 }
`;
  test('loads, says what it ignores, and has the meanings of its keys', () => {
    const { sweep, warnings, base } = sweepAlone(plain);
    expect(sweep).toMatchObject({
      name: 'mine',
      method: 'bayes',
      runCap: 30,
      objective: { name: 'val_loss', target: 0.01 },
    });
    expect(base.experiment.name).toBe('toy');
    expect(sweep.dimensions.map(({ path }) => path)).toEqual([
      'optimizer.learningRate',
      'optimizer.momentum',
      'batchSize',
      'epochs',
    ]);
    // If both bounds are whole numbers, so are the values.
    expect(
      sweep.dimensions.map((dimension) => ('quantum' in dimension ? dimension.quantum : undefined)),
    ).toEqual([undefined, undefined, 1, undefined]);
    expect(warnings).toHaveLength(5);
    for (const key of ['program', 'project', 'entity', 'command', 'mnist']) {
      expect(
        warnings.some((warning) => warning.includes(key)),
        key,
      ).toBe(true);
    }
  });
  test('refuses by name what it cannot do', () => {
    expect(complaint(() => sweepAlone(plain.replace('method: bayes', 'method: custom')))).toContain(
      '"custom"',
    );
    expect(complaint(() => sweepAlone(`${plain}controller: { type: local }\n`))).toContain(
      'unknown setting "controller"',
    );
    expect(
      complaint(() => sweepAlone(plain.replace('goal: minimize', 'goal: minimize, impute: best'))),
    ).toContain('unknown setting "impute"');
  });
});

describe('a distribution that only Weights & Biases has is told with what to write instead', () => {
  const of = (spec: string) =>
    complaintsOf(() =>
      toySweep(block.replace('distribution: log_uniform_values, min: 0.01, max: 1', spec)),
    )[0]!
      .split(', got ')
      .at(-1);
  test.each([
    [
      'distribution: log_uniform, min: 0.001, max: 0.1',
      'log_uniform; its min and max are exponents of e; ' +
        'write `distribution: log_uniform_values, min: 1.001, max: 1.105`, ' +
        'or with min: 0.001, max: 0.1 if these are the values themselves',
    ],
    [
      'distribution: log_uniform',
      'log_uniform; write log_uniform_values with the values themselves, such as `min: 0.001, max: 0.1`',
    ],
    [
      'distribution: q_log_uniform, min: 0, max: 3, q: 2',
      'q_log_uniform; its min and max are exponents of e; ' +
        'write `distribution: q_log_uniform_values, min: 1, max: 20.09, q: 2`',
    ],
    [
      'distribution: inv_log_uniform, min: 2, max: 7',
      'inv_log_uniform; its min and max are exponents of e; ' +
        'write `distribution: log_uniform_values, min: 0.0009119, max: 0.1353`, ' +
        'or with min: 2, max: 7 if these are the values themselves',
    ],
    [
      'distribution: inv_log_uniform_values, min: 1, max: 2',
      'inv_log_uniform_values; write log_uniform_values, with the same min and max',
    ],
    [
      'distribution: log_normal, mu: 0, sigma: 0.5',
      'log_normal; the nearest is `distribution: log_uniform_values, min: 0.3679, max: 2.718`',
    ],
  ])('%s', (spec, message) => {
    expect(of(spec)).toBe(message);
  });
});
