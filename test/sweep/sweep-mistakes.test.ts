// `train sweep` as a command: what is wrong is one line and an exit code.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sweepText } from '#lockstep/sweep/sweep-text.js';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { grid, halving, lastLine, read, sweepFolder } from '../support/sweep-folder.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toySweep } from '../support/toy-sweep.ts';

describe('what is wrong is one line and an exit code', { timeout: 300_000 }, () => {
  const cases: [what: string, args: string[], code: number, message: string][] = [
    [
      'a file that is not there',
      ['nothing.yaml'],
      2,
      'experiment: expected a YAML file, or a name under experiments/, got "nothing.yaml", ' +
        'and there is no such file',
    ],
    [
      'no file',
      [],
      2,
      'sweep: expected a YAML file with a `sweep:` block, or a name such as sweeps/learning-rate, ' +
        'got nothing',
    ],
    [
      'threads',
      ['sweep.yaml', '--threads', '0'],
      2,
      '--threads: expected an integer at least 1, or `auto`, got "0"',
    ],
    [
      'parallel',
      ['sweep.yaml', '--parallel', 'many'],
      2,
      '--parallel: expected an integer at least 1, or `auto`, got "many"',
    ],
    [
      'a setting that is varied',
      ['sweep.yaml', '--set', 'optimizer.learningRate=1'],
      2,
      '--set optimizer.learningRate: expected a setting that the sweep does not vary, ' +
        'got optimizer.learningRate, varied at sweep.yaml:14:5 sweep.parameters.optimizer.learningRate',
    ],
    [
      'no validation',
      ['sweep.yaml', '--set', 'data.validation=0'],
      2,
      '--set data.validation: expected validation images, which trials are judged by, got 0',
    ],
    [
      'another objective in the same folder',
      ['sweep.yaml', '--out', 'old'],
      2,
      'old: expected the folder of a sweep for val_accuracy, got that of one for val_loss; ' +
        'choose another with --out',
    ],
    [
      'a network that does not fit the data',
      ['sweep.yaml', '--set', 'model[2].units=9'],
      2,
      '--set model[2].units: expected the network to end in 4 outputs',
    ],
  ];
  test.each(cases)('%s', async (_, args, code, message) => {
    const cwd = await sweepFolder(grid);
    writeFileSync(join(cwd, 'halving.yaml'), toyExperiment + halving);
    if (args.includes('old')) {
      mkdirSync(join(cwd, 'old'));
      writeFileSync(join(cwd, 'old/trials.jsonl'), '');
      writeFileSync(join(cwd, 'old/sweep.yaml'), sweepText(toySweep(halving)));
    }
    const finished = await runTrain(['sweep', ...args], { cwd });
    expect(lastLine(finished)).toContain(message);
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(finished.code).toBe(code);
  });

  test('a folder that another sweep is at work in', async () => {
    const cwd = await sweepFolder(grid, toyExperiment.replace('epochs: 3', 'epochs: 2000'));
    const running = startTrain(['sweep', 'sweep.yaml', '--out', 'out', '--set', 'epochs=300'], { cwd });
    await running.shows('trial');
    const second = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    expect(second.code).toBe(2);
    expect(lastLine(second)).toMatch(
      /^train: out: expected a folder that nobody is at work in, got one that a sweep is at work in: process \d+/,
    );
    running.kill('SIGKILL');
    await running.finished;
  });

  test('weights of the winner in trials.jsonl that it does not have', async () => {
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
      `train: ${join('out', 'trials.jsonl')}:${number}: ` +
        'expected a trial as JSON, got one that was changed; ' +
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

  test('a line of trials.jsonl that is damaged', async () => {
    const cwd = await sweepFolder(grid);
    await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    appendFileSync(join(cwd, 'out/trials.jsonl'), 'nonsense\n');
    const finished = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    expect(finished.code).toBe(4);
    expect(lastLine(finished)).toContain('trials.jsonl:7: expected a trial as JSON, got "nonsense"');
  });
});
