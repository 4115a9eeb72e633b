// Event files for TensorBoard: their bytes, and what they hold of a training.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { removeRun } from '#lockstep/run/files-of-run.js';
import { float, integer, message, text } from '#lockstep/run/tensorboard/protobuf.js';
import { crc32c, recordOf } from '#lockstep/run/tensorboard/record.js';
import { temporaryFolder } from '../support/data-files.ts';
import { check, eventsIn, hasPython } from '../support/event-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// RFC 3720, appendix B.4, and the usual check value of a CRC.
test.each([
  [new Uint8Array(32), 0x8a9136aa],
  [new Uint8Array(32).fill(255), 0x62a8ab43],
  [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  [new TextEncoder().encode('123456789'), 0xe3069283],
])('CRC-32C %#', (bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

// The examples of protobuf.dev/programming-guides/encoding, and a number above 32 bits.
test.each([
  [integer(1, 150), '089601'],
  [integer(1, 2 ** 40 + 1), '08818080808020'],
  [text(2, 'testing'), '120774657374696e67'],
  [message(3, integer(1, 150)), '1a03089601'],
  [float(2, 1), '150000803f'],
])('protocol buffers %#', (bytes, expected) => {
  expect(hex(bytes)).toBe(expected);
});

test('a record is its length, their sum, the data, their sum', () => {
  const record = recordOf(Uint8Array.of(1, 2, 3));
  expect(hex(record.subarray(0, 8))).toBe('0300000000000000');
  expect(hex(record.subarray(12, 15))).toBe('010203');
  expect(record.length).toBe(19);
});

test('event files are of the run, so they go with it', async () => {
  const around = await temporaryFolder();
  await mkdir(join(around, 'run'));
  await writeFile(join(around, 'run/config.yaml'), '');
  await writeFile(join(around, 'run/events.out.tfevents.1764000000.lockstep'), '');
  await removeRun(around, 'run');
  expect(existsSync(join(around, 'run'))).toBe(false);
});

describe.skipIf(!hasPython)('--tensorboard', { timeout: 120_000 }, () => {
  test('writes the figures of metrics.csv, and changes no other file', async () => {
    const cwd = await toyFolder();
    const plain = await runTrain(['toy.yaml', '--out', 'plain', '--quiet'], { cwd });
    const { code, stderr } = await runTrain(['toy.yaml', '--out', 'run', '--tensorboard', '--quiet'], {
      cwd,
    });
    expect([code, stderr, plain.code]).toEqual([0, '', 0]);
    // Three epochs of 8 values, and 5 of the test set; the version, the start, the charts, the end.
    const found = await check(cwd, 'run');
    expect(found).toEqual({
      files: 1,
      records: 7,
      values: 3 * 8 + 5,
      plugins: ['custom_scalars__config__ (custom_scalars)'],
    });
    const others = readdirSync(join(cwd, 'run')).filter((name) => !name.startsWith('events'));
    expect(others).toEqual(readdirSync(join(cwd, 'plain')));
    const quick = await runTrain(['verify', 'run', '--quick'], { cwd });
    expect(quick.code).toBe(0);
  });

  test('the program notices what was changed', async () => {
    const cwd = await toyFolder();
    await runTrain(['toy.yaml', '--out', 'run', '--tensorboard', '--quiet'], { cwd });
    const file = join(cwd, 'run', eventsIn(join(cwd, 'run'))[0]!);
    const bytes = await readFile(file);
    for (const [at, told] of [
      [bytes.length - 20, 'the data has another CRC-32C'],
      [0, 'the length has another CRC-32C'],
    ] as const) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      await writeFile(file, changed);
      await expect(check(cwd, 'run')).rejects.toThrow(told);
    }
  });

  test('figures within epochs count by updates', async () => {
    const cwd = await toyFolder(`${toyExperiment}evaluateEvery: { steps: 7 }\n`);
    await runTrain(['toy.yaml', '--out', 'run', '--tensorboard', '--quiet'], { cwd });
    // 20 steps an epoch, three epochs: every 7 steps, and at the end.
    expect((await check(cwd, 'run')).values).toBe(9 * 8 + 5);
  });
});
