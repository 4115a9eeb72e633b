// What a power failure can leave of files. From a log of what a process did to them (disk-log.mjs) come the
// states in which the disk may be found afterwards.
//
// The model is harsher than any file system that we know. Until a file is flushed, each of its writes may be
// on the disk, or not, or torn: a prefix of it, or zeros in its place. Until a folder is flushed, each change
// of its entries may be there or not, whichever came first; but changes of one name stay in their order, and
// a rename is there as a whole or not at all. Flushing a file does not flush its entry, and a folder whose
// own entry is lost is lost with all that is in it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The operations of a log: on files by their number, which a rename does not change. */
export function readLog(text, before = new Map()) {
  const names = new Map();
  const ids = new Map();
  let files = 0;
  for (const path of before.keys()) names.set(path, before.get(path) === null ? null : files++);
  const first = new Map(
    [...names].filter(([, file]) => file !== null).map(([path, file]) => [file, before.get(path)]),
  );
  const operations = [];
  const add = (operation) => operations.push(operation);
  for (const line of text.split('\n').filter(Boolean)) {
    const { op, id, path, folder, cleared, at, data, length, from, to } = JSON.parse(line);
    if (op === 'open') {
      ids.set(id, folder ? { folder: path } : { file: names.get(path) ?? files });
      if (!folder && !names.has(path)) {
        add({ op: 'enter', entries: [[path, files]] });
        names.set(path, files++);
      } else if (cleared) add({ op: 'truncate', file: names.get(path), length: 0 });
    } else if (op === 'write') {
      add({ op, file: ids.get(id).file, at, data: Buffer.from(data, 'base64') });
    } else if (op === 'truncate') add({ op, file: ids.get(id).file, length });
    else if (op === 'sync') add({ op, ...ids.get(id) });
    else if (op === 'mkdir') {
      add({ op: 'enter', entries: [[path, null]] });
      names.set(path, null);
    } else if (op === 'remove') {
      add({ op: 'enter', entries: [[path, undefined]] });
      names.delete(path);
    } else {
      const file = names.get(from);
      const gone = op === 'rename' ? [[from, undefined]] : [];
      add({ op: 'enter', entries: [...gone, [to, file]] });
      if (op === 'rename') names.delete(from);
      names.set(to, file);
    }
  }
  return { operations, before, first };
}

const folderOf = (path) => (dirname(path) === '.' ? '' : dirname(path));

/**
 * What is on the disk if the power fails after so many operations.
 *
 * @param choose for an operation that was not flushed: `keep`, `drop`, `prefix` or `zeros`. Of entries, all
 *   but `keep` is `drop`.
 * @returns by path the bytes of a file, or null for a folder
 */
export function crash({ operations, before, first }, count, choose) {
  /** After this operation nothing of it is in doubt: by file, and by folder. */
  const flushed = new Map();
  for (let i = 0; i < count; i++) {
    const { op, file, folder } = operations[i];
    if (op === 'sync') flushed.set(file ?? `/${folder}`, i);
  }
  const isSafe = (key, i) => i < (flushed.get(key) ?? -1);
  const entries = new Map();
  let files = 0;
  for (const [path, bytes] of before) entries.set(path, bytes === null ? null : files++);
  const contents = new Map(first);
  for (let i = 0; i < count; i++) {
    const operation = operations[i];
    if (operation.op === 'enter') {
      const path = operation.entries[0][0];
      if (!isSafe(`/${folderOf(path)}`, i) && choose(operation) !== 'keep') continue;
      for (const [name, file] of operation.entries) {
        if (file === undefined) entries.delete(name);
        else entries.set(name, file);
      }
    } else if (operation.op !== 'sync') {
      const what = isSafe(operation.file, i) ? 'keep' : choose(operation);
      const old = contents.get(operation.file) ?? Buffer.alloc(0);
      contents.set(operation.file, changed(old, operation, what));
    }
  }
  const state = new Map();
  for (const [path, file] of entries) {
    const folders = path.split('/').map((_, n, all) => all.slice(0, n).join('/'));
    if (folders.slice(1).some((folder) => entries.get(folder) !== null)) continue;
    state.set(path, file === null ? null : (contents.get(file) ?? Buffer.alloc(0)));
  }
  return state;
}

function changed(old, { op, at, data, length }, what) {
  if (what === 'drop') return old;
  if (op === 'truncate')
    return Buffer.concat([old.subarray(0, length), Buffer.alloc(Math.max(0, length - old.length))]);
  const some = what === 'prefix' ? data.subarray(0, Math.floor(data.length / 2)) : data;
  const bytes = Buffer.alloc(Math.max(old.length, at + some.length));
  bytes.set(old);
  bytes.set(what === 'zeros' ? Buffer.alloc(some.length) : some, at);
  return bytes;
}

/** All that was done. */
export const whole = (log) => crash(log, log.operations.length, () => 'keep');

/** Writes a state into a folder. */
export function restore(folder, state) {
  for (const [path, bytes] of [...state].sort(([a], [b]) => (a < b ? -1 : 1))) {
    mkdirSync(join(folder, bytes === null ? path : folderOf(path)), { recursive: true });
    if (bytes !== null) writeFileSync(join(folder, path), bytes);
  }
}

/** The state that is there. */
export function stateOf(folder, below = '') {
  const state = new Map();
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    state.set(path, entry.isDirectory() ? null : readFileSync(join(folder, path)));
    if (entry.isDirectory()) for (const [inner, bytes] of stateOf(folder, path)) state.set(inner, bytes);
  }
  return state;
}

/** The first path at which two states differ; undefined: they are the same. */
export function difference(a, b) {
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [one, other] = [a.get(path), b.get(path)];
    if (one === undefined || other === undefined || (one === null) !== (other === null)) return path;
    if (one !== null && !one.equals(other)) return path;
  }
  return undefined;
}
