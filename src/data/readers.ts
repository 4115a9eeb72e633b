/** All kinds of data that can be read. */
import { kindOf, namesIn } from '../platform/files.ts';
import { readable } from './byte-source.ts';
import { arrays } from './open-arrays.ts';
import { csv } from './open-csv.ts';
import { idx } from './open-idx.ts';
import { made } from './open-made.ts';
import { pictures } from './open-pictures.ts';
import type { Place, Reader } from './reader.ts';

/** The first that owns a place reads it, so that what is told apart by less comes later. */
const readers: readonly Reader[] = [made, idx, arrays, pictures, csv];

/** The reader of what lies at a path; undefined if there is nothing. */
export async function readerOf(path: string): Promise<Reader | undefined> {
  const place = await placeAt(path);
  for (const reader of readers) if (await reader.owns(place)) return reader;
  return undefined;
}

async function placeAt(path: string): Promise<Place> {
  const kind = await kindOf(path).catch(() => undefined);
  const names =
    kind === 'folder'
      ? await namesIn(path).catch((error: unknown) => {
          throw readable(error, path);
        })
      : [];
  return { path, kind, names };
}
