// Records what a process does to files, from outside the program: `node --import` runs this file before
// anything else. All changes below the folder DISK_ROOT go into the file DISK_LOG when the process ends, in
// the order in which they were done: one JSON object a line.
//
// It stands between the program and node:fs/promises. Whoever reads the log replays it and compares the
// result with the folder (disk.mjs), so a call that is not known here does not go unnoticed.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const { DISK_ROOT: root, DISK_LOG: log } = process.env;

if (isMainThread && root && log) {
  const lines = [];
  const tell = (what) => lines.push(JSON.stringify(what));
  /** Relative to the root, with slashes; undefined: elsewhere. */
  const place = (path) => {
    const full = resolve(String(path));
    if (full === root) return '';
    return full.startsWith(root + sep) ? full.slice(root.length + 1).replaceAll(sep, '/') : undefined;
  };
  const { promises } = fs;
  const { open, rename, rm, unlink, mkdir, link, rmdir } = promises;
  let handles = 0;
  let prototype;
  const known = new WeakMap();

  promises.open = async (path, flags = 'r', ...rest) => {
    const at = place(path);
    const before = at !== undefined && fs.existsSync(path);
    const handle = await open(path, flags, ...rest);
    if (at === undefined) return handle;
    if (!prototype) wrap(Object.getPrototypeOf(handle));
    const isFolder = fs.statSync(path).isDirectory();
    const id = ++handles;
    const end = String(flags).startsWith('a') && before ? fs.statSync(path).size : 0;
    known.set(handle, { id, position: end });
    if (/[wax+]/.test(String(flags)) || isFolder) {
      tell({ op: 'open', id, path: at, folder: isFolder, cleared: String(flags).startsWith('w') && before });
    }
    return handle;
  };

  function wrap(of) {
    prototype = of;
    const { write, writeFile, truncate, sync, datasync } = of;
    const record = (method, after) =>
      async function (...args) {
        const own = known.get(this);
        if (!own) return method.apply(this, args);
        const result = await method.apply(this, args);
        after(own, result, ...args);
        return result;
      };
    const bytes = (data) => Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);
    of.write = record(write, (own, { bytesWritten }, data, ...rest) => {
      const [offset, , position] = typeof rest[0] === 'object' ? Object.values(rest[0] ?? {}) : rest;
      const all = typeof data === 'string' ? Buffer.from(data) : bytes(data).subarray(offset ?? 0);
      put(own, all.subarray(0, bytesWritten), position);
    });
    of.writeFile = record(writeFile, (own, _, data) => {
      put(own, typeof data === 'string' ? Buffer.from(data) : bytes(data));
    });
    of.truncate = record(truncate, ({ id }, _, length = 0) => tell({ op: 'truncate', id, length }));
    of.sync = record(sync, ({ id }) => tell({ op: 'sync', id }));
    of.datasync = record(datasync, ({ id }) => tell({ op: 'sync', id }));
  }
  function put(own, data, position) {
    const at = position ?? own.position;
    if (position === undefined || position === null) own.position += data.length;
    tell({ op: 'write', id: own.id, at, data: data.toString('base64') });
  }

  promises.rename = async (from, to) => {
    await rename(from, to);
    if (place(to) !== undefined) tell({ op: 'rename', from: place(from), to: place(to) });
  };
  promises.link = async (from, to) => {
    await link(from, to);
    if (place(to) !== undefined) tell({ op: 'link', from: place(from), to: place(to) });
  };
  const removal =
    (method) =>
    async (path, ...rest) => {
      const there = place(path) !== undefined && fs.existsSync(path);
      await method(path, ...rest);
      if (there) tell({ op: 'remove', path: place(path) });
    };
  promises.rm = removal(rm);
  promises.unlink = removal(unlink);
  promises.rmdir = removal(rmdir);
  promises.mkdir = async (path, options) => {
    const made = await mkdir(path, options);
    const at = place(path);
    if (at === undefined || (options?.recursive && made === undefined)) return made;
    // Of several, the one that is nearest to the root comes first.
    const first = options?.recursive ? place(made) : at;
    const names = at.split('/');
    for (let n = first.split('/').length; n <= names.length; n++)
      tell({ op: 'mkdir', path: names.slice(0, n).join('/') });
    return made;
  };
  syncBuiltinESMExports();
  process.on('exit', () => fs.writeFileSync(log, lines.map((line) => `${line}\n`).join('')));
}
