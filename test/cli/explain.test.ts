import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

test('explain shows layers, shapes, parameters, work and the memory map, and writes nothing', async () => {
  const cwd = await toyFolder();
  const { code, stdout, stderr } = await runTrain(['explain', 'toy.yaml', '--threads', '2'], { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('minibatches of 25 rows, 20 steps an epoch, 60 in all');
  // 64 inputs x 16 units + 16, two operations a weight.
  expect(stdout).toMatch(
    /^model\[0\] +dense +\(25, 16\) +W \(64, 16\), b \(16\) +1,040 +2,048 +skips zeros$/m,
  );
  expect(stdout).toMatch(/^model\[1\] +relu +\(25, 16\) +- +0 +16 +in place$/m);
  expect(stdout).toMatch(/^model\[2\] +dense +\(25, 4\) +W \(16, 4\), b \(4\) +68 +128$/m);
  expect(stdout).toContain('1,108 parameters');
  expect(stdout).toMatch(/^ {2}model\.0\.W +\(64, 16\) +0x\w{8} +8\.0 KiB$/m);
  expect(stdout).toMatch(/^ {2}train, room for all pixels +\(\d+, 64\) +0x00000000/m);
  expect(stdout).toMatch(/^ {2}velocity of model\.2\.b +\(4\)/m);
  expect(readdirSync(cwd).sort()).toEqual(['data', 'toy.yaml']);
});

test('explain shows the images between the layers, and what a place of them sees', async () => {
  const cwd = await toyFolder(
    toyExperiment.replace(
      /model:\n(?: +- .*\n)+/,
      'model:\n  - { kind: conv, channels: 6, kernel: ' +
        '3 }\n  - relu\n  - max-pool\n  - { kind: dense, units: classes }\n',
    ),
  );
  const { stdout, stderr } = await runTrain(['explain', 'toy.yaml', '--threads', '2'], { cwd });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^model\[0\] +conv +\(25, 6, 6, 6\) +W \(3, 3, 1, 6\), b \(6\) +60 +3,888 +sees 3 x 3$/m,
  );
  expect(stdout).toMatch(/^model\[2\] +max-pool +\(25, 3, 3, 6\) +- +0 +216 +sees 4 x 4$/m);
  expect(stdout).toMatch(/^model\[3\] +dense +\(25, 4\) +W \(54, 4\), b \(4\) +220 +432$/m);
});

test('gradcheck passes for an experiment, and says what it checked', async () => {
  const cwd = await toyFolder(toyExperiment.replace('- relu', '- { kind: leaky-relu, slope: 0.2 }'));
  const { code, stdout } = await runTrain(['gradcheck', 'toy.yaml'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok +model\.0\.W \(64, 16\) +\d\.\de-\d+ +every entry/m);
  expect(stdout).toMatch(
    /^passed: largest relative error \d\.\de-(0[7-9]|[789]|1\d), bound 0\.000001, 8 samples/m,
  );
});

test('an experiment whose shapes cannot fit is refused with its place in the file', async () => {
  const cwd = await toyFolder(toyExperiment.replace('units: classes', 'units: 9'));
  const { code, stderr } = await runTrain(['explain', 'toy.yaml'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toBe(
    'train: toy.yaml:7:27 model[2].units: expected the network to end in 4 outputs, ' +
      'one for each class of the data, got 9; write `units: classes`\n',
  );
});

test.skipIf(process.platform === 'win32')('a reader that goes away is no error', async () => {
  const cwd = await toyFolder();
  const program = resolve(import.meta.dirname, '../../dist/src/cli/main.js');
  const script = `"${process.execPath}" "${program}" explain toy.yaml | head -1; echo "\${PIPESTATUS[0]}"`;
  const shown = execFileSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
  expect(shown).toMatch(/^toy: an experiment\n0\n$/);
});
