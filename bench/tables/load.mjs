// Memory and time of a large table: of opening it, and of a whole `train --data FILE` of one epoch. Both with
// a number to predict and with classes. `npm run build` first.
//
//     node bench/tables/load.mjs                    1,000,000 rows x 50 columns, made in a temporary folder
//     node bench/tables/load.mjs ROWS COLUMNS       another size
//     node bench/tables/load.mjs FILE               a table of your own
//
// The numbers are float64, so 8 bytes a cell. The peak is all memory that a process had at once: the table,
// Node, its compiled programs, the threads. It should be at most 2.5 times the numbers; if it is not, the
// exit code is 1. Every figure is of a process of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDataset } from '../../dist/src/index.js';
import { machineFacts, machineLine } from '../support/machine.mjs';
import { progress } from '../support/progress.mjs';
import { printTable } from '../support/table.mjs';

const most = 2.5;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [first, second] = process.argv.slice(2);

const megabytes = (bytes) => (bytes / 1e6).toFixed(0);

/** Written by a process when it ends: its peak of memory, and the time that its cores worked. */
const witness = `import { isMainThread } from 'node:worker_threads';
const seconds = ({ user, system }) => (user + system) / 1e6;
const tell = () => ({ peak: process.resourceUsage().maxRSS * 1024, cores: seconds(process.cpuUsage()) });
if (isMainThread) process.on('exit', () => console.log(JSON.stringify(tell())));`;

if (first === '--open') {
  const { train, test, features } = await openDataset(second);
  console.log(JSON.stringify({ rows: train.count + test.count, columns: features.shape[0] + 1 }));
} else {
  measureAll();
}

function measureAll() {
  console.log(machineLine(machineFacts()));
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-load-'));
  try {
    const rows = [];
    for (const { what, file } of tablesIn(folder)) {
      progress(`opening a table, ${what}`);
      const opened = run([here('load.mjs'), '--open', file]);
      progress(`training one epoch, ${what}`);
      const options = ['--epochs', '1', '--json', '--quiet', '--out', join(folder, 'run')];
      const trained = run([here('../../dist/src/cli/main.js'), '--data', file, ...options]);
      const numbers = 8 * opened.rows * opened.columns;
      const size = `${opened.rows} x ${opened.columns}`;
      for (const [did, { peak, seconds, cores }] of Object.entries({ open: opened, train: trained })) {
        const times = peak / numbers;
        if (times > most && numbers > 1e8) process.exitCode = 1; // Node itself takes some 50 MB.
        const cells = [megabytes(statSync(file).size), megabytes(numbers), megabytes(peak), times.toFixed(2)];
        rows.push([`${what}: ${did}`, size, ...cells, seconds.toFixed(1), cores.toFixed(1)]);
      }
      rmSync(join(folder, 'run'), { recursive: true });
      if (file.startsWith(folder)) rmSync(file);
    }
    progress('');
    printTable(['', 'rows', 'file MB', 'numbers MB', 'peak MB', 'times', 's', 's of the cores'], rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tables, each made when it is its turn. */
function* tablesIn(folder) {
  if (first && existsSync(first)) {
    yield { what: first, file: first };
    return;
  }
  for (const [what, ...classes] of [['a number'], ['classes', 'classes']]) {
    progress(`making a table, ${what}`);
    const file = join(folder, 'rows.csv');
    const size = [first ?? '1000000', second ?? '50'];
    execFileSync(process.execPath, [here('make-rows.mjs'), file, ...size, ...classes]);
    yield { what, file };
  }
}

/** Runs a program of Node. Returns what the last lines of its output say, with its seconds. */
function run(args) {
  const begun = performance.now();
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(witness)}`];
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] };
  const lines = execFileSync(process.execPath, [...preload, ...args], options)
    .trim()
    .split('\n');
  const told = lines.map((line) => JSON.parse(line));
  return Object.assign({}, ...told, { seconds: (performance.now() - begun) / 1000 });
}
