// Event files for TensorBoard. test/vectors/tfevents.py, which shares no code with us, reads them.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { removeRun } from '#lockstep/run/files-of-run.js';
import { float, integer, message, text } from '#lockstep/run/tensorboard/protobuf.js';
import { crc32c, recordOf } from '#lockstep/run/tensorboard/record.js';
import { temporaryFolder } from '../support/data-files.ts';
import { program, runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const python = '/usr/bin/python3';
const checker = join(import.meta.dirname, '../vectors/tfevents.py');
const withPython = describe.skipIf(!existsSync(python));

/** What the program says of a run; rejects with its complaint. */
async function check(...run: string[]) {
  const { stdout } = await promisify(execFile)(python, [checker, join(...run)]);
  return JSON.parse(stdout) as { files: number; records: number; values: number; plugins: string[] };
}

const eventsIn = (folder: string) =>
  readdirSync(folder).filter((name) => /^events\.out\.tfevents\.\d{10}\.lockstep$/.test(name));

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

withPython('--tensorboard', { timeout: 120_000 }, () => {
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

  test.each([
    ['a value', (bytes: Buffer) => bytes.length - 20, 'the data has another CRC-32C'],
    ['a length', () => 0, 'the length has another CRC-32C'],
  ])('the program notices %s that was changed', async (_, at, told) => {
    const cwd = await toyFolder();
    await runTrain(['toy.yaml', '--out', 'run', '--tensorboard', '--quiet'], { cwd });
    const file = join(cwd, 'run', eventsIn(join(cwd, 'run'))[0]!);
    const bytes = await readFile(file);
    bytes[at(bytes)]! ^= 1;
    await writeFile(file, bytes);
    await expect(check(cwd, 'run')).rejects.toThrow(told);
  });

  test('figures within epochs count by updates', async () => {
    const cwd = await toyFolder(`${toyExperiment}evaluateEvery: { steps: 7 }\n`);
    await runTrain(['toy.yaml', '--out', 'run', '--tensorboard', '--quiet'], { cwd });
    // 20 steps an epoch, three epochs: every 7 steps, and at the end.
    expect((await check(cwd, 'run')).values).toBe(9 * 8 + 5);
  });

  test('of a training that was killed and goes on: each epoch once', async () => {
    const often = 'execution: { checkpoint: { minutes: 0.001 } }\n';
    const cwd = await toyFolder(toyExperiment.replace('epochs: 3', 'epochs: 200') + often);
    const child = spawn(process.execPath, [program, 'toy.yaml', '--out', 'run', '--tensorboard'], {
      cwd,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    while (!existsSync(join(cwd, 'run/checkpoints/last.safetensors'))) await sleep(2);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const resumed = await runTrain(['resume', 'run', '--quiet'], { cwd });
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    const found = await check(cwd, 'run');
    expect([found.files, found.values]).toEqual([2, 200 * 8 + 5]);
  });

  test('of a sweep: a file for each training with its hyperparameters, and one for all', async () => {
    const cwd = await toyFolder();
    const sweep = 'sweep:\n  method: grid\n  parameters: { "model[0].units": { values: [4, 8] } }\n';
    await writeFile(join(cwd, 'sweep.yaml'), toyExperiment + sweep);
    const { code } = await runTrain(['sweep', 'sweep.yaml', '--out', 'out', '--tensorboard', '--quiet'], {
      cwd,
    });
    expect(code).toBe(0);
    const trials = readdirSync(join(cwd, 'out/trials'));
    expect(trials.length).toBe(2);
    for (const trial of trials) {
      expect((await check(cwd, 'out/trials', trial)).plugins).toEqual([
        '_hparams_/session_end_info (hparams)',
        '_hparams_/session_start_info (hparams)',
        'custom_scalars__config__ (custom_scalars)',
      ]);
    }
    const [experiment] = eventsIn(join(cwd, 'out'));
    const bytes = await readFile(join(cwd, 'out', experiment!), 'latin1');
    for (const part of ['_hparams_/experiment', 'model[0].units', 'accuracy/val']) {
      expect(bytes).toContain(part);
    }
    const verified = await runTrain(['verify', 'out', '--quick'], { cwd });
    expect([verified.code, verified.stderr]).toEqual([0, expect.anything()]);
  });
});
