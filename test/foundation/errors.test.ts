import { describe, expect, test } from 'vitest';
import { exitCodes, LockstepError, nearest, together } from '#lockstep/foundation/errors.js';

describe('a message', () => {
  test('says where, expected and got', () => {
    const error = new LockstepError('usage', {
      where: 'a.yaml:5:3 epochs',
      expected: 'an integer',
      got: '"x"',
    });
    expect(error.message).toBe('a.yaml:5:3 epochs: expected an integer, got "x"');
  });

  test('ends in a hint when there is one', () => {
    const error = new LockstepError('data', { where: 'w', expected: 'e', got: 'g', hint: 'do this' });
    expect(error.message).toBe('w: expected e, got g; do this');
  });

  test('may be free text, with a cause', () => {
    const cause = new Error('why');
    const error = new LockstepError('failed', 'the disk is full', { cause });
    expect(error.message).toBe('the disk is full');
    expect(error.cause).toBe(cause);
  });
});

test.each([
  ['failed', 1],
  ['usage', 2],
  ['data', 3],
  ['checkpoint', 4],
] as const)('%s exits with %i', (code, exitCode) => {
  expect(new LockstepError(code, 'text').exitCode).toBe(exitCode);
});

test('what signals exit with is 128 and the signal’s number', () => {
  expect([exitCodes.done, exitCodes.interrupted, exitCodes.terminated]).toEqual([0, 128 + 2, 128 + 15]);
});

describe('nearest', () => {
  const kinds = ['dense', 'relu', 'leaky-relu', 'dropout'];

  test.each([
    ['dens', 'dense'],
    ['Dense', 'dense'],
    ['rellu', 'relu'],
    ['leakyrelu', 'leaky-relu'],
    ['dorpout', 'dropout'],
  ])('%s is meant to be %s', (word, meant) => {
    expect(nearest(word, kinds)).toBe(meant);
  });

  test.each(['convolution', 'abc', ''])('nothing is meant by "%s"', (word) => {
    expect(nearest(word, kinds)).toBeUndefined();
  });

  test('of a word of n letters at most a third may change, and always one', () => {
    expect(nearest('ab', ['ac'])).toBe('ac');
    expect(nearest('ab', ['cd'])).toBeUndefined();
    expect(nearest('abcdef', ['abcdxy'])).toBe('abcdxy');
    expect(nearest('abcdef', ['abcxyz'])).toBeUndefined();
  });

  test('of equally near ones it is the first', () => {
    expect(nearest('relx', ['rela', 'relb'])).toBe('rela');
  });
});

test('a line feed in a name does not begin a line, and several mistakes have a line each', () => {
  const one = new LockstepError('data', { where: 'a\ntrain: b', expected: 'c', got: 'd\te' });
  expect(one.message).toBe('a\\u000atrain: b: expected c, got d\\u0009e');
  expect(new LockstepError('data', `x\ny: gone`).message).toBe('x\\u000ay: gone');
  expect(new LockstepError('data', [`x\ny`, 'z']).message).toBe('x\\u000ay\nz');
  expect(together([one, new LockstepError('data', ['p', 'q']), one]).message.split('\n')).toHaveLength(3);
});
