// A program that shares no code with Lockstep reads its checkpoints: test/vectors/read_checkpoint.py, with
// NumPy. Where there is no Python with NumPy, nothing is compared.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectSlots, python, readByPython, trainedWith } from '../support/numpy-reader.ts';

describe.skipIf(python === undefined)('a checkpoint', () => {
  test.each([
    ['{ kind: sgd, learningRate: 0.1, momentum: 0.9 }', ['velocity']],
    ['adam', ['first_moment', 'second_moment']],
  ])('with the slots of %s', expectSlots);

  test('that is damaged is found', async () => {
    const file = join(await trainedWith('optimizer=adam'), 'checkpoints/last.safetensors');
    const bytes = readFileSync(file);
    const damaged = (change: (copy: Buffer) => Buffer) => {
      writeFileSync(file, change(Buffer.from(bytes)));
      const { status, stderr } = readByPython(file);
      expect(status).toBe(1);
      return stderr.slice(file.length + 2);
    };
    expect(damaged((copy) => copy.subarray(0, -4))).toMatch(/ends behind the file/);
    expect(damaged((copy) => Buffer.concat([copy, Buffer.alloc(4)]))).toMatch(/4 bytes belong to no tensor/);
    const flipped = (at: number) =>
      damaged((copy) => {
        copy[at]! ^= 1;
        return copy;
      });
    expect(flipped(8 + Number(bytes.readBigUInt64LE(0)))).toMatch(/^weightsSha256: the file says/);
    // The last number is one of a slot, which is in no digest but the file's own.
    expect(flipped(bytes.length - 1)).toMatch(/^sha256: the file says/);
    const settings = (copy: Buffer) =>
      Buffer.from(copy.toString('latin1').replace('"epochs":"1"', '"epochs":"2"'), 'latin1');
    expect(damaged(settings)).toMatch(/^sha256: the file says/);
  });
});
