/** Text with a delimiter between its cells, a row a line: CSV, TSV and their kin. */
import { LockstepError } from '../../foundation/errors.ts';
import { foreignFile } from './foreign.ts';
import { findDelimiter, namedDelimiter } from './table/form.ts';
import { rowLimit, rowsOf } from './table/rows.ts';
import { newlinesIn, type Stretch, textOf } from './table/text.ts';
import type { TableFormat } from './table/types.ts';

/** It takes all that is no other format, and says of files of other programs what they are. */
export const delimited: TableFormat = {
  owns: () => true,
  async open(source, start, options) {
    const { file } = source;
    const foreign = foreignFile(start, file);
    if (foreign) throw new LockstepError('data', `${file}: ${foreign}`);
    const texts = textOf(source, start);
    const first = await firstLines(texts);
    const { delimiter: named, text } = namedDelimiter(first.text);
    first.text = text;
    const delimiter = options.delimiter ?? named ?? findDelimiter(text, first.last);
    return { delimiter, rows: rowsOf(file, chained(first, texts), delimiter) };
  },
};

/** As many stretches as it takes to have two lines, as one. */
async function firstLines(texts: AsyncIterator<Stretch>): Promise<Stretch> {
  let first: Stretch = { text: '', line: 1, last: false };
  while (!first.last && newlinesIn(first.text) < 2 && first.text.length <= rowLimit) {
    const { text, last } = (await texts.next()).value as Stretch;
    first = { text: first.text + text, line: 1, last };
  }
  return first;
}

async function* chained(first: Stretch, others: AsyncIterable<Stretch>): AsyncGenerator<Stretch> {
  yield first;
  if (!first.last) yield* others;
}
