/** What people call the inputs of a network that reads a table. */
import type { ColumnPreparation } from '../../data/preparation.ts';

/** A name for each input, in their order: `age`, `job = clerk`, `age missing`. */
export function inputNames(columns: readonly ColumnPreparation[]): string[] {
  return columns.flatMap((column) => {
    const { name } = column;
    const inputs = column.kind === 'number' ? [name] : column.words.map((word) => `${name} = ${word}`);
    return column.flagged ? [...inputs, `${name} missing`] : inputs;
  });
}
