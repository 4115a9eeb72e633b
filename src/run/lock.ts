/**
 * A lock that keeps a second process out of a folder: the file `lock`, which says who holds it. A lock whose
 * process is gone is taken over; one of another machine never is, because nobody here can tell.
 */
import { randomBytes } from 'node:crypto';
import { link, lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { birthOf, isAlive } from '../platform/processes.ts';

/** Name of the file in the folder. */
export const lockFile = 'lock';

/** A second lock is held while one process takes a lock over from another that is gone. */
const takingOf = (name: string) => `${name}.taking`;

/** One that is being written. */
const unfinished = /^lock(?:\.taking)*\.(\d+)\.[0-9a-f]+\.tmp$/;

/** Whether a file in the folder is a lock, or was about to become one. */
export function isOfLock(name: string): boolean {
  return /^lock(\.taking)*$/.test(name) || unfinished.test(name);
}

export interface Lock {
  /** Removes the lock if it is still ours. */
  release(): Promise<void>;
}

/** What a lock says: one line of JSON. */
export interface Holder {
  /** What is at work in the folder: `a sweep`. */
  what: string;
  host: string;
  process: number;
  /** When the process was started, for people. */
  since: string;
  /** The same as the system has it, see `birthOf`. */
  birth?: string | undefined;
}

/**
 * Locks an existing folder for this process.
 *
 * @throws LockstepError `usage` if it is locked already, or if nobody can tell; `failed` if the folder cannot
 *   be written
 */
export async function acquireLock(folder: string, { what }: { what: string }): Promise<Lock> {
  const since = new Date(performance.timeOrigin).toISOString();
  const mine: Holder & { token: string } = {
    ...{ what, host: hostname(), process: process.pid, since, birth: birthOf(process.pid) },
    // Tells the locks of one process apart.
    token: randomBytes(8).toString('hex'),
  };
  const text = `${JSON.stringify(mine)}\n`;
  await acquire(folder, lockFile, text);
  await sweepUp(folder);
  return { release: () => release(join(folder, lockFile), text) };
}

/** Makes the lock of this name, or puts it in the place of one whose process is gone. */
async function acquire(folder: string, name: string, text: string): Promise<void> {
  const file = join(folder, name);
  // A lock that is given back meanwhile is gone when it is read. Nobody has so much luck many times.
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await create(file, text)) return;
    const holder = await read(folder, file);
    if (!holder) continue;
    if (!isGone(holder)) throw name === lockFile ? held(folder, file, holder) : taken(folder, file, holder);
    if (await takeOver(folder, name, text)) return;
  }
  throw new LockstepError('failed', `${file}: is taken and given back all the time`);
}

/** Whether somebody is at work in the folder, as far as its lock tells. Changes nothing. */
export async function isBusy(folder: string): Promise<boolean> {
  return (await holderOf(folder)) !== undefined;
}

/** Who is at work in the folder, as far as its lock tells; undefined if nobody is. Changes nothing. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  const { text } = await textOf(join(folder, lockFile));
  const holder = text === undefined ? undefined : parse(text);
  return holder !== undefined && !isGone(holder) ? holder : undefined;
}

/**
 * Asks the process to stop, as Ctrl-C does. False: it is not certain that the process of this number is the
 * one that holds the lock, because it is elsewhere, or because the system does not tell when it was born.
 */
export function interrupt({ host, process: number, birth }: Holder): boolean {
  if (!isCertain({ host, process: number, birth })) return false;
  process.kill(number, 'SIGINT');
  return true;
}

/** Whether `interrupt` would reach the process. */
export function isCertain({ host, process: number, birth }: Pick<Holder, 'host' | 'process' | 'birth'>) {
  return host === hostname() && birth !== undefined && birthOf(number) === birth;
}

/** Makes a file with this text, complete from its first moment. Returns false if there is one already. */
async function create(file: string, text: string): Promise<boolean> {
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await write(beside, text);
    await link(beside, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(code ?? ''))
      throw notWritable(file, error);
  } finally {
    await rm(beside, { force: true }).catch(() => {});
  }
  // The file system has no links.
  return createHere(file, text);
}

async function createHere(file: string, text: string): Promise<boolean> {
  try {
    await write(file, text);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notWritable(file, error);
  }
}

async function write(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    // After a power failure, nobody could tell whose lock an empty file is.
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Who holds the lock; undefined if nobody does any more. */
async function read(folder: string, file: string): Promise<Holder | undefined> {
  const strange = (got: string) =>
    new LockstepError('usage', {
      where: folder,
      expected: 'a folder that nobody is at work in',
      got: `one whose lock ${got}`,
      hint: `if nobody is at work there, remove ${file}`,
    });
  const { text, fault } = await textOf(file);
  if (fault !== undefined) throw strange(fault);
  if (text === undefined) return undefined;
  const holder = parse(text);
  if (!holder) throw strange(text.trim() === '' ? 'is empty' : 'does not say who holds it');
  return holder;
}

/** The text of a lock; nothing if there is no such file. */
async function textOf(file: string): Promise<{ text?: string; fault?: string }> {
  try {
    const found = await lstat(file);
    if (!found.isFile()) return { fault: found.isDirectory() ? 'is a folder' : 'is no file' };
    if (found.size > 4096) return { fault: 'does not say who holds it' };
    return { text: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? {} : { fault: `cannot be read (${code})` };
  }
}

/** What a lock says; undefined if it is no lock of ours. */
function parse(text: string): Holder | undefined {
  // Version 0.1.0 wrote `PID HOST`.
  const [, process, host] = /^(\d{1,10}) (\S+)$/.exec(text.trim()) ?? [];
  if (host !== undefined) return { what: 'a sweep', host, process: Number(process), since: '' };
  try {
    const found = JSON.parse(text) as Partial<Holder> | null;
    if (typeof found?.host !== 'string' || !Number.isSafeInteger(found.process)) return undefined;
    const { what = 'something', since = '', birth } = found;
    if (found.process! <= 0 || typeof what !== 'string' || typeof since !== 'string') return undefined;
    if (birth !== undefined && typeof birth !== 'string') return undefined;
    return { what, since, birth, host: found.host, process: found.process! };
  } catch {
    return undefined;
  }
}

function isGone({ host, process, birth }: Holder): boolean {
  return host === hostname() && !isAlive(process, birth);
}

/**
 * Puts our lock in the place of one whose process is gone. Only the process that holds the second lock may:
 * between reading a lock and replacing it, nobody else replaces it. The process that held the second one may
 * be gone, too; then it is taken over in the same way.
 */
async function takeOver(folder: string, name: string, text: string): Promise<boolean> {
  const file = join(folder, name);
  await acquire(folder, takingOf(name), text);
  try {
    const holder = await read(folder, file);
    if (!holder) return false;
    if (!isGone(holder)) throw held(folder, file, holder);
    const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
    await write(beside, text);
    await rename(beside, file);
    return true;
  } catch (error) {
    if (error instanceof LockstepError) throw error;
    throw notWritable(file, error);
  } finally {
    await rm(join(folder, takingOf(name)), { force: true }).catch(() => {});
  }
}

/** Removes locks that processes were about to make when they were killed. */
async function sweepUp(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, process] = unfinished.exec(name) ?? [];
    if (process === undefined || isAlive(Number(process), undefined)) continue;
    const file = join(folder, name);
    const host = parse((await textOf(file)).text ?? '')?.host ?? hostname();
    if (host === hostname()) await rm(file, { force: true }).catch(() => {});
  }
}

/** A lock that stays behind is that of a process that is gone, so nothing is lost if it cannot be removed. */
async function release(file: string, text: string): Promise<void> {
  const now = await textOf(file);
  if (now.text === text) await rm(file, { force: true }).catch(() => {});
}

function held(folder: string, file: string, holder: Holder): LockstepError {
  const own = holder.host === hostname() && holder.process === process.pid;
  return new LockstepError('usage', {
    where: folder,
    expected: 'a folder that nobody is at work in',
    got: `one that ${printable(holder.what)} is at work in: ${own ? 'this process' : nameOf(holder)}`,
    hint: own
      ? 'wait for it, or choose another folder'
      : `wait for it, or choose another folder; if that process is gone, remove ${file}`,
  });
}

function taken(folder: string, file: string, holder: Holder): LockstepError {
  return new LockstepError('usage', {
    where: folder,
    expected: 'a folder that nobody is at work in',
    got: `one that ${nameOf(holder)} is taking over`,
    hint: `if that process is gone, remove ${file}`,
  });
}

function nameOf(holder: Holder): string {
  const since = holder.since === '' ? '' : `, started ${holder.since}`;
  return `process ${holder.process} on ${printable(holder.host)}${printable(since)}`;
}

/** What stands in a file may hold anything, also what moves a terminal's cursor. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

function notWritable(file: string, error: unknown): LockstepError {
  return new LockstepError('failed', `${file}: cannot be written: ${(error as Error).message}`);
}
