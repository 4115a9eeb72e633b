/** Tables that a network learns quickly, as CSV files in a folder of their own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stream } from '#lockstep/foundation/random.js';
import { temporaryFolder } from './data-files.ts';

const kinds = ['ash', 'beech', '<b>yew</b>'];

/**
 * Rows of `x`, `idle`, `place`, and columns that they decide but for some noise: a class, two numbers and two
 * flags. `idle` decides nothing, and `place` is a word.
 */
function rows(count: number): string[][] {
  const random = stream('table', count);
  return Array.from({ length: count }, () => {
    const [x, idle, place] = [random.normal(), random.normal(), random.below(2)];
    const sum = x + 2 * place + random.normal() / 4;
    const kind = kinds[sum < 0 ? 0 : sum < 1.5 ? 1 : 2]!;
    return [
      x.toFixed(3),
      idle.toFixed(3),
      ['north', 'south'][place]!,
      kind,
      (1000 * (x + place) + 50 * random.normal()).toFixed(1),
      (place - x / 2 + random.normal() / 10).toFixed(3),
      String(Number(sum > 1)),
      String(Number(x + random.normal() / 4 > 0)),
    ];
  });
}

const names = ['x', 'idle', 'place', 'kind', 'price', 'weight', 'wet', 'cold'];
const predicted = {
  classes: { columns: ['kind'], loss: 'softmax-cross-entropy', units: 'classes' },
  values: { columns: ['price', 'weight'], loss: 'mean-squared-error', units: 'targets' },
  value: { columns: ['price'], loss: 'huber', units: 'targets' },
  flags: { columns: ['wet', 'cold'], loss: 'binary-cross-entropy', units: 'targets' },
} as const;

/**
 * A folder with `table.csv` and `table.yaml`, which predicts these columns; by default a new one, which is
 * removed when the test ends.
 */
export async function tableFolder(task: keyof typeof predicted, more = '', given?: string): Promise<string> {
  const folder = given ?? (await temporaryFolder());
  const { columns, loss, units } = predicted[task];
  const shown = names.filter((name, c) => c < 3 || (columns as readonly string[]).includes(name));
  const lines = rows(300).map((row) => shown.map((name) => row[names.indexOf(name)]).join(','));
  await writeFile(join(folder, 'table.csv'), `${shown.join(',')}\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 'table.yaml'), tableExperiment(columns, loss, units) + more);
  return folder;
}

const tableExperiment = (columns: readonly string[], loss: string, units: string) => `name: table
seed: 5
data: { source: table.csv, target: [${columns.join(', ')}], validation: 0.2, testShare: 0.2 }
loss: ${loss}
model:
  - { kind: dense, units: 8 }
  - relu
  - { kind: dense, units: ${units} }
optimizer: { kind: adam, learningRate: 0.02 }
batchSize: 16
epochs: 4
`;
