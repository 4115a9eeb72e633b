// Trains an experiment for seeds 1 to 5 and prints test accuracy, macro precision and F1: mean and standard deviation.
// Usage: npm run accuracy [-- EXPERIMENT]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const experiment = process.argv[2] ?? 'mnist';
const folder = mkdtempSync(join(tmpdir(), 'lockstep-accuracy-'));
const results = [1, 2, 3, 4, 5].map((seed) => {
  const args = [
    program,
    experiment,
    '--seed',
    seed,
    '--json',
    '--quiet',
    '--out',
    join(folder, String(seed)),
  ];
  const run = spawnSync(process.execPath, args.map(String), { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const { test, seconds, weightsSha256 } = JSON.parse(run.stdout.trimEnd().split('\n').at(-1));
  const percent = (share) => `${(share * 100).toFixed(2)} %`;
  console.log(
    `seed ${seed}  accuracy ${percent(test.accuracy)}  precision ${percent(test.precision)}  F1 ${percent(test.f1)}  ` +
      `${seconds.toFixed(1)} s  ${weightsSha256.slice(0, 16)}`,
  );
  return test;
});
rmSync(folder, { recursive: true });

for (const figure of ['accuracy', 'precision', 'f1']) {
  const values = results.map((test) => test[figure] * 100);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
  console.log(`${figure}: mean ${mean.toFixed(2)} %, standard deviation ${deviation.toFixed(2)}`);
}
