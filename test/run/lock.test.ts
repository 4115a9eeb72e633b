import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { birthOf, isAlive } from '#lockstep/platform/processes.js';
import { acquireLock } from '#lockstep/run/lock.js';
import { locks } from '../../scripts/survive/locks.mjs';
import { temporaryFolder } from '../support/data-files.ts';

const take = (folder: string) => acquireLock(folder, { what: 'a sweep' });

/** The complaint of a folder that cannot be locked. */
async function refusal(folder: string): Promise<string> {
  const error: unknown = await take(folder).then(
    () => new Error('it was locked'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LockstepError);
  expect((error as LockstepError).exitCode).toBe(2);
  const { message } = error as LockstepError;
  expect(message).not.toContain('\n');
  return message;
}

test('a lock says who holds it, and goes with its holder', async () => {
  const folder = await temporaryFolder();
  const lock = await take(folder);
  expect(readdirSync(folder)).toEqual(['lock']);
  const said = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
  expect(said).toMatchObject({ what: 'a sweep', host: hostname(), process: process.pid });
  expect(said.birth).toBe(birthOf(process.pid));
  expect(Date.parse(said.since)).toBeLessThanOrEqual(Date.now());
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
  // What has been given back can be had again.
  await (await take(folder)).release();
});

test('one process does not get it twice', async () => {
  const folder = await temporaryFolder();
  const lock = await take(folder);
  expect(await refusal(folder)).toContain('one that a sweep is at work in: this process; wait for it');
  await lock.release();
});

test('only its own lock is released', async () => {
  const folder = await temporaryFolder();
  const lock = await take(folder);
  writeFileSync(join(folder, 'lock'), 'another');
  await lock.release();
  expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe('another');
});

const lockOf = (more: object) =>
  JSON.stringify({ what: 'a training', host: hostname(), process: process.pid, since: 'noon', ...more });

describe('a lock that stays', () => {
  test.each([
    ['of another machine', lockOf({ host: 'elsewhere', process: 1 }), 'process 1 on elsewhere, started noon'],
    ['of another machine, written by 0.1.0', '4242 elsewhere', 'process 4242 on elsewhere'],
    [
      'of a process that lives',
      lockOf({ process: process.ppid, birth: birthOf(process.ppid) }),
      `one that a training is at work in: process ${process.ppid} on ${hostname()}, started noon`,
    ],
    ['of a process that lives, of unknown birth', `${process.ppid} ${hostname()}`, `${process.ppid} on`],
    ['with what moves a cursor', lockOf({ host: 'a\u001b[2Jb\nc' }), 'on a?[2Jb?c, started'],
    ['that is empty', '', 'one whose lock is empty'],
    ['that is garbage', '\u0000\u0001garbage', 'one whose lock does not say who holds it'],
    ['that is null', 'null', 'one whose lock does not say who holds it'],
    ['of wrong types', lockOf({ process: 'many' }), 'one whose lock does not say who holds it'],
    ['that is long', ' '.repeat(5000), 'one whose lock does not say who holds it'],
  ])('%s', async (_, text, got) => {
    const folder = await temporaryFolder();
    const file = join(folder, 'lock');
    writeFileSync(file, text);
    const message = await refusal(folder);
    expect(message).toContain(`${folder}: expected a folder that nobody is at work in, got one `);
    expect(message).toContain(got);
    expect(message).toContain(`remove ${file}`);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  test('that is a folder, or a link', async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, 'lock'));
    expect(await refusal(folder)).toContain('one whose lock is a folder; if nobody is at work there, remove');
    const other = await temporaryFolder();
    symlinkSync(join(folder, 'nowhere'), join(other, 'lock'));
    expect(await refusal(other)).toContain('one whose lock is no file');
  });

  test('while another process takes it over', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'lock'), lockOf({ birth: 'an-earlier-boot//1' }));
    writeFileSync(join(folder, 'lock.taking'), lockOf({}));
    const message = await refusal(folder);
    expect(message).toContain(
      `one that process ${process.pid} on ${hostname()}, started noon is taking over`,
    );
    expect(message).toContain(`if that process is gone, remove ${join(folder, 'lock.taking')}`);
  });
});

test.each([1, 2, 3])('%i processes that were killed while they took over are no hindrance', async (times) => {
  const folder = await temporaryFolder();
  for (let i = 0; i <= times; i++)
    writeFileSync(join(folder, `lock${'.taking'.repeat(i)}`), lockOf({ birth: `an-earlier-boot//${i}` }));
  // Nor are those that were about to.
  for (const name of ['lock.999999999.ab12.tmp', 'lock.taking.999999999.ab12.tmp'])
    writeFileSync(join(folder, name), '');
  const lock = await take(folder);
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')).process).toBe(process.pid);
  expect(readdirSync(folder)).toEqual(['lock']);
  await lock.release();
});

test('a lock that another process is about to make is left alone', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, `lock.${process.ppid}.ab12.tmp`), '');
  writeFileSync(join(folder, 'lock.999999999.ab12.tmp'), lockOf({ host: 'elsewhere', process: 999999999 }));
  await (await take(folder)).release();
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a folder that is not there is said in one line', async () => {
  const folder = join(await temporaryFolder(), 'none');
  await expect(take(folder)).rejects.toThrow(`${join(folder, 'lock')}: cannot be written: ENOENT`);
});

test('a process that was born at another time is another', () => {
  expect(isAlive(process.pid, birthOf(process.pid))).toBe(true);
  expect(isAlive(process.pid, undefined)).toBe(true);
  // Linux alone says when a process was born.
  if (process.platform !== 'linux') return;
  const [boot, space, start] = birthOf(process.pid)!.split('/');
  expect(isAlive(process.pid, `${boot}/${space}/${Number(start) + 1}`)).toBe(false);
  expect(isAlive(process.pid, `another/${space}/${start}`)).toBe(false);
  // Of another container's process nothing is known.
  expect(isAlive(process.pid, `${boot}/${space}0/${start}`)).toBe(true);
});

test('of 8 processes at one moment on a stale lock exactly one gets it', { timeout: 120_000 }, async () => {
  expect(await locks({ rounds: 5, print: () => {} })).toEqual({ rounds: 5, wrong: [] });
});
