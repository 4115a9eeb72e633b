// Writes a CSV of numbers: by default 1,000,000 rows x 50 columns, some 440 MB, always the same bytes.
//
//     node bench/tables/make-rows.mjs FILE [rows] [columns] [classes]
//
// With `classes`, the last column has one of four words instead of a number.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const [file, rows = '1000000', columns = '50', classes] = process.argv.slice(2);
if (!file) {
  console.error('node bench/tables/make-rows.mjs FILE [rows] [columns] [classes]');
  process.exit(2);
}
const width = Number(columns);

let state = 1;
/** A number from -1 to 1 by a 32-bit xorshift generator. */
function next() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state / 2147483648;
}

const wordOf = (sum) => (sum < -1 ? 'lowest' : sum < 0 ? 'low' : sum < 1 ? 'high' : 'highest');

const out = createWriteStream(file);
out.write(`${Array.from({ length: width - 1 }, (_, i) => `x${i + 1}`).join(',')},y\n`);
let lines = [];
for (let row = 0; row < Number(rows); row++) {
  const cells = new Array(width);
  let sum = 0;
  for (let i = 0; i < width - 1; i++) {
    const value = next() * (i + 1);
    sum += i < 3 ? value : 0;
    cells[i] = value.toPrecision(6);
  }
  cells[width - 1] = classes ? wordOf(sum) : sum.toPrecision(6);
  lines.push(cells.join(','));
  if (lines.length === 4096 || row === Number(rows) - 1) {
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
    lines = [];
  }
}
out.end();
await once(out, 'finish');
