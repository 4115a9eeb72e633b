// Trains the five experiments under experiments/seeds with several seeds, and prints one table of claimed and
// measured figures.
//
//   npm run seeds                    five seeds each; about four minutes on two cores
//   npm run seeds -- --seeds 2       fewer
//   npm run seeds -- batchnorm-64-32 only some, or others such as published/one-hidden-128-single-sample
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { meanAndDeviation } from '../dist/src/foundation/statistics.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const all = readdirSync(join(root, 'experiments/seeds'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));
const names = positionals.length > 0 ? positionals : all;

const percent = (share) => (share === undefined ? '-' : (100 * share).toFixed(2));
const both = ({ mean, deviation }) => `${percent(mean)} ± ${percent(deviation)}`;
const columns = [
  'experiment',
  'published',
  'accuracy',
  'precision',
  'F1',
  'on training images',
  'seconds a run',
];
const rows = [];
for (const name of names) {
  process.stderr.write(`${name} ...\n`);
  const { claims, test, training, seconds } = measure(`seeds/${name}`);
  const { accuracy, precision, f1 } = claims ?? {};
  const published = [accuracy, precision, f1].map(percent).join(' / ');
  const time = `${seconds.mean.toFixed(1)} ± ${seconds.deviation.toFixed(1)}`;
  const figures = [test.accuracy, test.precision, test.f1, training].map(both);
  rows.push([name, published, ...figures, time]);
}

const table = [columns, ...rows];
const widths = columns.map((_, i) => Math.max(...table.map((row) => row[i].length)));
const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
console.log(`Test figures in percent, mean ± standard deviation of ${values.seeds} seeds;`);
console.log('published: accuracy / macro precision / macro F1, as far as they are known;');
console.log('on training images: accuracy over the last epoch, as the training saw it.\n');
console.log([line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));

/** Trains the seeds as a user would. Returns the last object of `--json`. */
function measure(experiment) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-seeds-'));
  try {
    const program = join(root, 'dist/src/cli/main.js');
    const args = [program, experiment, '--seeds', values.seeds, '--json', '--quiet', '--out', folder];
    const { status, stdout } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 2 ** 26,
    });
    if (status !== 0) process.exit(status ?? 1);
    const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1));
    const training = summary.seeds.map((seed) => {
      const metrics = readFileSync(join(folder, `seed-${seed}`, 'metrics.csv'), 'utf8');
      return Number(metrics.trimEnd().split('\n').at(-1).split(',')[3]);
    });
    return { ...summary, training: meanAndDeviation(training) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
