// Training pictures without their folders of classes, and pictures on another ground.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { expect, test } from 'vitest';
import { openRun } from '#lockstep/run/open-run.js';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** Numbers that look random, the same each time. */
function randomLevels(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
}

test('the training pictures in a flat folder are predicted as in folders of classes', async () => {
  const cwd = await toyFolder();
  // Strokes anywhere on a noisy dark ground: nothing that may be cut out and centred.
  const random = randomLevels(7);
  for (const kind of ['down', 'up']) {
    await mkdir(join(cwd, 'shapes', kind), { recursive: true });
    for (let i = 0; i < 30; i++) {
      const [top, left] = [2 + (random() % 7), 2 + (random() % 7)];
      const data = Uint8Array.from({ length: 256 }, (_, at) => {
        const [y, x] = [Math.floor(at / 16) - top, (at % 16) - left];
        const on = y >= 0 && y < 6 && Math.abs(x - (kind === 'down' ? y : 5 - y)) < 1;
        return (on ? 220 : 0) + (random() % 30);
      });
      const file = join(cwd, 'shapes', kind, `${i}.png`);
      await writeFile(file, encode({ width: 16, height: 16, channels: 1, data }));
    }
  }
  const train = await runTrain(['--data', 'shapes', '--out', 'run', '--quiet', '--epochs', '2'], { cwd });
  expect(train.code).toBe(0);
  const columns = ['--probabilities', '--out'];
  await runTrain(['predict', 'run', 'shapes', ...columns, 'all.csv'], { cwd });
  const all = readFileSync(join(cwd, 'all.csv'), 'utf8').trimEnd().split('\n').slice(1);
  for (const kind of ['down', 'up']) {
    const flat = await runTrain(['predict', 'run', join('shapes', kind), ...columns, 'flat.csv'], { cwd });
    expect(flat.stderr).toBe('30 pictures: taken unchanged\n');
    const lines = readFileSync(join(cwd, 'flat.csv'), 'utf8').trimEnd().split('\n').slice(1);
    const ofClass = all.filter((line) => line.startsWith(`${kind}/`));
    expect(ofClass).toHaveLength(30);
    expect(lines.map((line) => line.replace(/^shapes./, '')).sort()).toEqual(ofClass.sort());
  }

  // On the other ground: told, with the option that leaves it out.
  const { data } = decode(readFileSync(join(cwd, 'shapes', 'up', '0.png')));
  const turned = Uint8Array.from(data, (level) => 255 - level);
  await writeFile(join(cwd, 'other.png'), encode({ width: 16, height: 16, channels: 1, data: turned }));
  const changed = await runTrain(['predict', 'run', 'other.png', '--json'], { cwd });
  expect(changed.stderr).toBe('1 picture: inverted; --as-is leaves that out\n');
  const plain = await runTrain(['predict', 'run', 'other.png', '--as-is', '--json'], { cwd });
  expect([plain.code, plain.stderr]).toEqual([0, '1 picture: taken unchanged\n']);
  const run = await openRun(join(cwd, 'run'));
  const expected = run.probabilities({ count: 1, features: turned });
  const { classes } = JSON.parse(plain.stdout);
  expect(classes).toHaveLength(2);
  for (const { class: c, probability } of classes) expect(probability).toBe(expected[c]);
});
