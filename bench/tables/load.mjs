// Time and memory of reading a table and handing it over: four fifths for training, one for the test.
//
//     node bench/tables/make-rows.mjs /tmp/rows.csv && node bench/tables/load.mjs /tmp/rows.csv
import { readTable } from '../../dist/src/data/formats/table.js';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('node bench/tables/load.mjs FILE');
  process.exit(2);
}
const mebibytes = (bytes) => `${(bytes / 1_048_576).toFixed(0)} MiB`;
const peak = () => process.resourceUsage().maxRSS * 1024;

const start = performance.now();
const table = await readTable(file);
const read = performance.now();
const { count } = table;
const parsed = count * table.columns.length * 8;
const afterReading = peak();

const columns = table.columns.map((_, i) => i);
const features = columns.slice(0, -1);
const targets = columns.slice(-1);
const rows = (keep) => Uint32Array.from({ length: count }, (_, i) => i).filter((row) => keep(row % 5));
const [training, test] = [rows((fifth) => fifth > 0), rows((fifth) => fifth === 0)];
await table.handOver([
  { columns: features, rows: training },
  { columns: targets, rows: training },
  { columns: features, rows: test },
  { columns: targets, rows: test },
]);
const seconds = (time) => `${(time / 1000).toFixed(1)} s`;
console.log(`${count} rows of ${columns.length} columns: ${mebibytes(parsed)} of numbers`);
console.log(`read in ${seconds(read - start)}, handed over in ${seconds(performance.now() - read)}`);
const most = peak();
console.log(
  `most memory: ${mebibytes(afterReading)} when it was read, ${mebibytes(most)} in the end, ` +
    `${(most / parsed).toFixed(2)} times the numbers`,
);
