/** Words in rows that a network has not seen in its training. */
import { counted } from '../../foundation/format.ts';
import type { Features, Samples } from '../dataset.ts';
import type { Signature } from '../split.ts';
import { listed } from './columns.ts';

/** A line a column for words that the training part did not have; they are read as none of its words. */
export function unknownWords(
  { preparation }: Pick<Signature, 'preparation'>,
  { features, samples }: { features: Features; samples: Pick<Samples, 'count' | 'features'> },
): string[] {
  if (features.kind !== 'floats' || preparation.kind !== 'columns') return [];
  const width = features.columns.length;
  return features.columns.flatMap((column, c) => {
    const prepared = preparation.columns[c]!;
    if (column.kind !== 'category' || prepared.kind !== 'category') return [];
    const known = new Set(prepared.words);
    const strange = column.words.map((word) => !known.has(word));
    const found = new Set<string>();
    let rows = 0;
    for (let row = 0; row < samples.count; row++) {
      const at = samples.features[row * width + c]!;
      if (!strange[at]) continue;
      rows++;
      found.add(column.words[at]!);
    }
    if (rows === 0) return [];
    const words = found.size === 1 ? 'a word' : 'words';
    return [
      `column ${JSON.stringify(column.name)} has ${words} in ${counted(rows, 'row')} ` +
        'that the training did not have: ' +
        listed([...found], 3),
    ];
  });
}
