// The contract of initializers, tested for every file in src/initializers.
import { describe, expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import type { Initialized } from '#lockstep/contracts/initializer.js';
import { stream } from '#lockstep/foundation/random.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { examples, titled } from '../support/examples.ts';

/** Mean (0 if absent), variance, kurtosis, and the first numbers of a stream with the default settings. */
interface Documented {
  mean?: number;
  variance(config: KindConfig, parameter: Initialized): number;
  kurtosis: number;
  golden: [number, number, number];
}

const normal = 3;
const uniform = 1.8;

/** The documented moments. A new initializer adds its own here. */
const documented: Readonly<Record<string, Documented>> = {
  'glorot-normal': {
    variance: (_, { fanIn, fanOut }) => 2 / (fanIn + fanOut),
    kurtosis: normal,
    golden: [0.02277367140856681, 0.04716000369850896, 0.13886218946219608],
  },
  'glorot-uniform': {
    variance: (_, { fanIn, fanOut }) => 2 / (fanIn + fanOut),
    kurtosis: uniform,
    golden: [0.06183378723064791, 0.1280461802655686, 0.07298142622981905],
  },
  'he-normal': {
    variance: (_, { fanIn }) => 2 / fanIn,
    kurtosis: normal,
    golden: [0.05092347736679878, 0.10545297408900754, 0.3105052951419254],
  },
  'he-uniform': {
    variance: (_, { fanIn }) => 2 / fanIn,
    kurtosis: uniform,
    golden: [0.1382645515539872, 0.2863199633330035, 0.1631914301447616],
  },
  'lecun-normal': {
    variance: (_, { fanIn }) => 1 / fanIn,
    kurtosis: normal,
    golden: [0.03600833616766309, 0.07456651307462651, 0.2195603997891858],
  },
  'lecun-uniform': {
    variance: (_, { fanIn }) => 1 / fanIn,
    kurtosis: uniform,
    golden: [0.09776780200154134, 0.2024587876618504, 0.1153937668868917],
  },
  normal: {
    variance: ({ deviation }) => (deviation as number) ** 2,
    kurtosis: normal,
    golden: [0.0025461738683399387, 0.005272648704450377, 0.01552526475709627],
  },
  ones: { mean: 1, variance: () => 0, kurtosis: 1, golden: [1, 1, 1] },
  orthogonal: {
    variance: ({ gain }, { rows, columns }) => (gain as number) ** 2 / Math.max(rows, columns),
    kurtosis: normal,
    golden: [0.010832733400550687, 0.03044673246787776, -0.005475888639318811],
  },
  uniform: {
    variance: ({ limit }, { fanIn }) => (limit === 0 ? 1 / fanIn : (limit as number) ** 2) / 3,
    kurtosis: uniform,
    golden: [0.056446266803667926, 0.11688963555637462, 0.06662262237495184],
  },
  zeros: { variance: () => 0, kurtosis: 1, golden: [0, 0, 0] },
};

// 200,000 elements, and fans for which no two formulas agree.
const parameter = { rows: 500, columns: 400, fanIn: 50, fanOut: 200 };
const kinds = [...catalogue.initializer.values()];

test('every initializer says what it promises', () => {
  expect(Object.keys(documented)).toEqual(kinds.map(({ kind }) => kind));
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  const { mean = 0, variance, kurtosis, golden } = documented[name]!;

  test.each(examples(kind).map(titled))(
    '%s: mean, variance and kurtosis as documented, within five errors',
    (_, config) => {
      const n = parameter.rows * parameter.columns;
      const next = kind.build(config, parameter, stream(1, 'initializer', name));
      const values = Float64Array.from({ length: n }, next);
      const expected = variance(config, parameter);
      const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / n;
      expect(Math.abs(moment(1))).toBeLessThanOrEqual(5 * Math.sqrt(expected / n));
      expect(Math.abs(moment(2) - expected)).toBeLessThanOrEqual(
        5 * expected * Math.sqrt((kurtosis - 1) / n),
      );
      expect(Math.abs(moment(4) - kurtosis * expected ** 2)).toBeLessThanOrEqual(
        0.05 * kurtosis * expected ** 2,
      );
    },
  );

  test('golden first numbers: they change only with a release', () => {
    const next = kind.build(examples(kind)[0]!, parameter, stream(1, 'golden'));
    expect([next(), next(), next()]).toEqual(golden);
  });
});
