// Figures and weights in trials.jsonl that the winner does not have.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTrain } from '../support/run-cli.ts';
import { grid, read, sweepFolder } from '../support/sweep-folder.ts';

test('weights of the winner in trials.jsonl that it does not have', { timeout: 300_000 }, async () => {
  const cwd = await sweepFolder(grid.replace('[0.01, 0.1, 0.3]', '[0.1]'));
  const args = ['sweep', 'sweep.yaml', '--out', 'out', '--quiet'];
  expect((await runTrain(args, { cwd })).code).toBe(0);
  const { weightsSha256 } = JSON.parse(read(cwd, 'out/best/summary.json'));
  const tampered = 'f'.repeat(64);
  const lines = read(cwd, 'out/trials.jsonl');
  expect(lines.split(weightsSha256)).toHaveLength(2);
  const number = lines.split('\n').findIndex((line) => line.includes(weightsSha256)) + 1;
  const change = (text: string) => writeFileSync(join(cwd, 'out/trials.jsonl'), text);
  change(lines.replace(weightsSha256, tampered));
  const noticed = await runTrain(args, { cwd });
  expect([noticed.code, noticed.stderr]).toEqual([
    4,
    `train: ${join('out', 'trials.jsonl')}:${number}: expected a trial as JSON, got one that was changed; ` +
      'remove the line, and its training runs again\n',
  ]);
  // A line of 0.1.0 has no digest.
  const old = (text: string) => text.replace(/,"sha256":"[0-9a-f]{64}"\}\n/g, '}\n');
  change(old(lines).replace(weightsSha256, tampered));
  const finished = await runTrain(args, { cwd });
  expect(finished.code).toBe(1);
  expect(finished.stdout).toBe('');
  expect(finished.stderr.trimEnd()).toBe(
    `train: ${join('out', 'best')}: trained again, the winner has other weights: ` +
      `expected sha256 ${tampered}, got ${weightsSha256}`,
  );
  // Nor is it taken for judged the next time.
  expect((await runTrain(args, { cwd })).code).toBe(1);
  // Nor another figure, with the right weights.
  change(old(lines).replace(/"metric":[0-9.]+/g, '"metric":0.99'));
  const figure = await runTrain(args, { cwd });
  expect(figure.code).toBe(1);
  expect(figure.stderr).toContain('the winner has other figures: expected the objective 0.99, got 0.');
});
