/**
 * Writes an export where the user wants it. A file that is there is replaced only if it is an earlier export
 * of the same format: a model is often exported again, and no checkpoint, source or table can be lost by a
 * slip.
 */
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { writeWhole } from '../run/write-whole.ts';
import type { ExportedNetwork } from './exported.ts';
import { type ExportFormat, type ExportFormatName, exportFormats } from './formats.ts';

/**
 * Checks whether an export may be written to this file, before it is made.
 *
 * @throws LockstepError `usage` if its folder is missing, or if something else is there
 */
export async function checkPlace(file: string, name: ExportFormatName): Promise<void> {
  const format: ExportFormat = exportFormats[name];
  const { endings, mark } = format;
  if (endings && !endings.some((ending) => file.endsWith(ending))) {
    throw wrong(file, `a name that ends in ${endings.join(' or ')}`, JSON.stringify(file));
  }
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    const got = folder ? 'one that is a file' : 'one that does not exist';
    throw wrong(file, `a file in a folder that exists, ${dirname(file)}`, got, 'make it first');
  }
  for (const path of [file, ...format.beside(file)]) {
    const found = await stat(path).catch(() => undefined);
    if (!found) continue;
    if (!found.isFile()) throw wrong(path, 'a file', found.isDirectory() ? 'a folder' : 'a device');
    if (await begins(path, mark)) continue;
    const hint = 'choose another name, or remove it';
    throw wrong(path, `a new file, or an earlier export as ${name}`, 'a file that is something else', hint);
  }
}

async function begins(file: string, { at, text }: ExportFormat['mark']): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const start = new Uint8Array(text.length);
    await handle.read(start, 0, start.length, at);
    return Buffer.from(start).toString('latin1') === text;
  } finally {
    await handle.close();
  }
}

function wrong(file: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('usage', {
    where: `--out ${file}`,
    expected,
    got,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A file that was written. */
export interface Written {
  path: string;
  bytes: number;
}

/**
 * Writes the files of an export; each appears whole, or not at all.
 *
 * @returns the files, and what the format has lost, a line each
 */
export async function writeExport(
  exported: ExportedNetwork,
  name: ExportFormatName,
  file: string,
): Promise<{ files: Written[]; losses: readonly string[] }> {
  const format: ExportFormat = exportFormats[name];
  const { files, losses } = await format.write(exported, file);
  for (const { path, pieces } of files) await writeWhole(path, pieces);
  return {
    files: files.map(({ path, pieces }) => ({
      path,
      bytes: pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0),
    })),
    losses,
  };
}
