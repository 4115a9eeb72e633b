/** The test file beside a training file. */
import { kindOf } from '../platform/files.ts';
import { basename, dirname, join } from '../platform/paths.ts';

/** The file whose name has `test` in place of `train`, compressed or not; undefined if there is none. */
export async function testFileBeside(file: string): Promise<string | undefined> {
  const name = basename(file);
  if (!name.includes('train')) return undefined;
  const same = join(dirname(file), name.replace('train', 'test'));
  const other = same.endsWith('.gz') ? same.slice(0, -'.gz'.length) : `${same}.gz`;
  for (const candidate of [same, other]) {
    const found = await kindOf(candidate).catch(() => undefined);
    if (found === 'file') return candidate;
  }
  return undefined;
}
