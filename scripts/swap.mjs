// Puts a built folder in the place of dist/. A build makes everything in a folder of its own beside dist/ and
// then renames: whoever looks finds a whole dist/, the old one or the new one, but for the moment between two
// renames. A build that is killed leaves dist/ as it was. What it leaves beside it, the next one clears away.
//
// .build-HOST-PID        the new folder of the build with this process id
// .build-HOST-PID-old-N  what was dist/ before it, on its way out
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isWhole } from './freshness.mjs';

const host = hostname().replaceAll(/[^\w.]/g, '_');
const pattern = /^\.build-(?<host>[\w.]+)-(?<pid>\d+)(?:-old-\d+)?$/;

/** Leftovers of another host, which we cannot ask for its processes, are cleared away after an hour. */
const abandonedAfter = 3600_000;

/** What the new folder of a build is called: its process is to be found by it. */
export function folderName(pid) {
  return `.build-${host}-${pid}`;
}

/** Makes an empty folder to build into. */
export function beginFolder(root) {
  const folder = join(root, folderName(process.pid));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return folder;
}

/**
 * Lets the folder take the place of dist/. Another build may do the same at the same time: the last one wins.
 *
 * @throws when dist/ cannot be renamed for five seconds, as on Windows while a program has a file of it open
 */
export function swapIn(root, folder) {
  const dist = join(root, 'dist');
  const outgoing = [];
  for (let attempt = 0; ; attempt++) {
    const old = `${folder}-old-${attempt}`;
    try {
      if (existsSync(dist)) {
        renameSync(dist, old);
        outgoing.push(old);
      }
      renameSync(folder, dist);
      break;
    } catch (error) {
      // Another build was faster: it took dist/ away, or put its own there.
      if (!existsSync(folder)) throw error;
      if (attempt < 50) {
        pause(100);
        continue;
      }
      if (!existsSync(dist) && outgoing.length > 0) renameSync(outgoing.pop(), dist);
      throw new Error(
        `dist/: expected to give way to ${folder}, got ${error.code}; ` +
          'end programs that use it, and build again',
      );
    }
  }
  for (const old of outgoing) discard(old);
}

/** Removes a folder; what another program holds open stays for the next build to clear away. */
export function discard(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!['EPERM', 'EBUSY', 'EACCES', 'ENOTEMPTY'].includes(error.code)) throw error;
  }
}

/**
 * Finishes what killed builds began: where there is no dist/, the newest whole folder that they left becomes
 * it. Then clears away the rest. To be called before this process begins a folder of its own.
 */
export function tidyUp(root) {
  const dist = join(root, 'dist');
  const left = leftovers(root);
  const next = existsSync(dist) ? undefined : left.find(isWhole);
  try {
    if (next) renameSync(next, dist);
  } catch {
    // Somebody else finished it at the same time.
  }
  for (const folder of left) discard(folder);
}

/** Folders of builds that no longer run, the newest first. */
function leftovers(root) {
  return readdirSync(root)
    .flatMap((name) => {
      const { groups } = pattern.exec(name) ?? {};
      const folder = join(root, name);
      const time = groups && statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
      if (time === undefined) return [];
      const over = groups.host === host ? !runs(Number(groups.pid)) : Date.now() - time > abandonedAfter;
      return over ? [{ folder, time }] : [];
    })
    .sort((a, b) => b.time - a.time)
    .map(({ folder }) => folder);
}

function runs(pid) {
  if (pid === process.pid) return false; // An earlier process had our number.
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
