import { describe, expect, test } from 'vitest';
import { type JobMessage, messageText, parseMessage } from '#lockstep/sweep/queue/messages.js';
import { asText, fromText } from '#lockstep/sweep/queue/numbers-text.js';

const job: JobMessage = {
  ...{ kind: 'job', version: '0.2.0', trial: 3, run: '0123456789abcdef', experiment: 'epochs: 2\n' },
  ...{ fingerprint: 'f'.repeat(64), until: 2.5, threads: null, from: '0123456789abcdef-1' },
};

const result = {
  ...{ kind: 'result', version: '0.2.0', worker: 'here:1', run: '0123456789abcdef', epochs: 2, waits: true },
  outcome: {
    ...{ kind: 'ended', stopped: true, value: -0, weightsSha256: 'a'.repeat(64), seconds: 1 },
    history: [
      [1, Number.NaN],
      [2, Number.NEGATIVE_INFINITY],
    ],
  },
  rows: [
    {
      ...{ epoch: 1, step: 10, learningRate: 0.1, seconds: 1, samplesPerSecond: 10 },
      ...{ train: { loss: Number.POSITIVE_INFINITY }, validation: { loss: 0.1 } },
    },
  ],
  summary: null,
  state: null,
};

describe('numbers', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 0.1, 5e-324])(
    '%s comes back to the bit',
    (number) => {
      expect(Object.is((fromText(asText([number])) as number[])[0], number)).toBe(true);
    },
  );
});

describe('a message', () => {
  test('comes back as it was', () => {
    expect(parseMessage('job', messageText(job))).toEqual(job);
    expect(parseMessage('result', asText(result))).toEqual(result);
  });

  test('of another kind is none', () => {
    expect(parseMessage('result', messageText(job))).toBeUndefined();
  });

  test.each([
    ['no text', 17],
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['another field', asText({ ...job, more: 1 })],
    ['a path in place of an id', asText({ ...job, run: '../../etc/passwd' })],
    ['a state that leads elsewhere', asText({ ...job, from: '../x' })],
    ['a field less', asText({ ...job, experiment: undefined })],
    ['a trial that is none', asText({ ...job, trial: 0 })],
    ['a key that all objects share', messageText(job).replace('"trial"', '"__proto__":{},"trial"')],
  ])('is refused: %s', (_, text) => {
    expect(parseMessage('job', text)).toBeUndefined();
  });

  test.each([
    ['a digest that is none', { outcome: { ...result.outcome, weightsSha256: 'a' } }],
    ['a history of texts', { outcome: { ...result.outcome, history: [['1', 2]] } }],
    ['rows with more', { rows: [{ ...result.rows[0], path: '/' }] }],
    ['an outcome of its own', { outcome: { kind: 'won' } }],
  ])('with a result is refused: %s', (_, change) => {
    expect(parseMessage('result', asText({ ...result, ...change }))).toBeUndefined();
  });
});
