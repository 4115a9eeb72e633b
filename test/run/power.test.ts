// What a power failure leaves of a run: at any moment, whatever was not flushed is on the disk, or not, or
// torn. The newest checkpoint that was written must be there. `npm run test:survive` goes on from such
// states.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '#lockstep/run/checkpoint.js';
import { ownFiles, positions } from '#lockstep/run/choose-checkpoint.js';
import { readConfig } from '#lockstep/run/run-folder.js';
import { crash, type DiskLog, readLog, restore } from '../../scripts/survive/disk.mjs';
import {
  chance,
  experiments,
  numbers,
  promises,
  recordRun,
  writeInputs,
} from '../../scripts/survive/power.mjs';
import { temporaryFolder } from '../support/data-files.ts';

/** Epochs of the checkpoint from which the training would go on; 0 if it would begin anew. */
async function epochsIn(run: string): Promise<number> {
  for await (const { checkpoint } of positions(run, ownFiles)) {
    if (!checkpoint) continue;
    // Whoever goes on needs the best weights of before.
    await readCheckpoint(`${run}/checkpoints/best.safetensors`);
    return checkpoint.epochs;
  }
  return 0;
}

describe('after a power failure', { timeout: 120_000 }, () => {
  let log: DiskLog;
  beforeAll(async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'lockstep-power-'));
    writeInputs(cwd, experiments[0]!);
    log = await recordRun(cwd, ['e.yaml', '--out', 'run', '--quiet']);
    rmSync(cwd, { recursive: true });
  }, 120_000);

  test('the newest checkpoint that was written is there', async () => {
    const promised = promises(log);
    expect(promised.at(-1)).toBeGreaterThan(3);
    const folder = await temporaryFolder();
    for (let trial = 0; trial < 150; trial++) {
      const next = numbers(trial);
      const count = Math.floor(next() * promised.length);
      restore(folder, crash(log, count, chance(next)));
      const said = `trial ${trial}, after ${count} operations`;
      if (promised[count]! > 0) {
        await readConfig(`${folder}/run`);
        expect(await epochsIn(`${folder}/run`), said).toBeGreaterThanOrEqual(promised[count]!);
      }
      rmSync(`${folder}/run`, { recursive: true, force: true });
    }
  });

  test('all of a training that came to its end is there, whatever else is lost', () => {
    const end = log.operations.length;
    const state = crash(log, end, () => 'drop');
    const all = crash(log, end, () => 'keep');
    for (const [path, bytes] of all) if (bytes) expect(state.get(path)?.equals(bytes), path).toBe(true);
    expect([...all.keys()]).toContain('run/checkpoints/last.previous.safetensors');
    expect([...all.keys()]).toContain('run/summary.json');
  });
});

describe('the model of the disk', () => {
  const line = (what: object) => JSON.stringify(what);
  const write = (id: number, text: string) => ({
    op: 'write',
    id,
    at: 0,
    data: Buffer.from(text).toString('base64'),
  });
  const open = (id: number, path: string, folder = false) => ({ op: 'open', id, path, folder });
  const text = (all: object[], count: number, choice: 'keep' | 'drop' | 'prefix' | 'zeros') => {
    const state = crash(
      readLog(all.map(line).join('\n')),
      count,
      choice === 'keep' ? () => 'keep' : ({ op }) => (op === 'enter' ? 'keep' : choice),
    );
    return Object.fromEntries([...state].map(([path, bytes]) => [path, bytes?.toString() ?? null]));
  };
  const aside = [open(1, 'a.tmp'), write(1, 'new!')];

  test('what is not flushed is lost, torn or there; the rename may come first', () => {
    const all = [...aside, { op: 'rename', from: 'a.tmp', to: 'a' }];
    expect(text(all, 3, 'keep')).toEqual({ a: 'new!' });
    expect(text(all, 3, 'drop')).toEqual({ a: '' });
    expect(text(all, 3, 'prefix')).toEqual({ a: 'ne' });
    expect(text(all, 3, 'zeros')).toEqual({ a: '\0\0\0\0' });
  });

  test('a flushed file may lack its name, until its folder is flushed', () => {
    const all = [
      ...aside,
      { op: 'sync', id: 1 },
      { op: 'rename', from: 'a.tmp', to: 'a' },
      open(2, '', true),
      { op: 'sync', id: 2 },
    ];
    const log = readLog(all.map(line).join('\n'));
    expect(text(all, 4, 'drop')).toEqual({ a: 'new!' });
    expect([...crash(log, 4, () => 'drop').keys()]).toEqual([]);
    expect([...crash(log, log.operations.length, () => 'drop').keys()]).toEqual(['a']);
  });

  test('a folder without its own entry is lost with all that is in it', () => {
    const all = [
      { op: 'mkdir', path: 'd' },
      open(1, 'd/a'),
      { op: 'sync', id: 1 },
      open(2, 'd', true),
      { op: 'sync', id: 2 },
    ];
    const log = readLog(all.map(line).join('\n'));
    expect([...crash(log, log.operations.length, () => 'drop').keys()]).toEqual([]);
    expect([...crash(log, log.operations.length, () => 'keep').keys()]).toEqual(['d', 'd/a']);
  });
});
