// What is wrong in a command is told in one line.
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefused } from '../support/refused.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe('bad input is one line and an exit code', () => {
  const cases: [args: string[], code: number, message: string][] = [
    [
      ['--threads', 'abc'],
      2,
      '--threads: expected an integer at least 1 and at most 1024 or "auto", got "abc"',
    ],
    [['--threads', '1', '--threads', '2'], 2, '--threads: expected to be given once, got 1, 2'],
    [['--epochs', '0'], 2, '--epochs: expected an integer at least 1, got 0'],
    [
      ['--bogus'],
      2,
      '--bogus: unknown option; there are --help, --version, --data, --seed, --epochs, --batch-size, ' +
        '--threads, --set, --live, --live-port, --ranks, --out, --from, --seeds, --folds, --json, --quiet, ' +
        '--profile, --tensorboard, --dry-run',
    ],
    [['--epoch', '3'], 2, '--epoch: unknown option; did you mean --epochs?'],
    [['--lr=0.1'], 2, '--lr: unknown option; a setting is `--set optimizer.learningRate=...`'],
    [
      ['--set', 'model[2].units=5'],
      2,
      '--set model[2].units: expected the network to end in 4 outputs, one for each class of the data, ' +
        'got 5; write `units: classes`',
    ],
    [
      ['--data', '/nowhere'],
      3,
      '/nowhere: expected `mnist`, `mnist-2000`, `two-moons`, `spirals`, ' +
        'a file with a table or pictures, or a folder of pictures, ' +
        'got no such file or folder',
    ],
    [
      ['--out', 'data'],
      2,
      '--out data: expected a new or empty folder, got one that holds 4 files; choose another, or remove it',
    ],
  ];
  test.each(cases)('train toy.yaml %j', async (args, code, message) => {
    const cwd = await toyFolder();
    await expectRefused(cwd, ['toy.yaml', ...args], [code, message]);
    // A mistake leaves no files behind.
    expect(readdirSync(cwd).sort()).toEqual(['data', 'toy.yaml']);
  });

  test('an experiment that is not there', async () => {
    const cwd = await toyFolder();
    const finished = await runTrain(['minst'], { cwd });
    expect(finished.stderr).toBe(
      'train: experiment: expected a YAML file, or a name under experiments/, got "minst"; ' +
        'did you mean "mnist"?\n',
    );
    expect(finished.code).toBe(2);
  });

  test('what is given for an experiment is told', async () => {
    const cwd = await toyFolder();
    await writeFile(join(cwd, 'rows.csv'), '0,1,2\n');
    await writeFile(join(cwd, 'search.yaml'), 'experiment: toy.yaml\nsweep: {}\n');
    const expected = 'experiment: expected a YAML file, or a name under experiments/, got';
    const cases: [args: string[], message: string][] = [
      [
        ['elsewhere.yaml'],
        `${expected} "elsewhere.yaml", and there is no such file; there are: search.yaml, toy.yaml`,
      ],
      [['rows.csv'], `${expected} "rows.csv"; if these are your data, write \`train --data rows.csv\``],
      [['evalute', 'run'], 'run: one word too many; did you mean `train evaluate run`?'],
      [
        ['sweep', 'toy.yaml'],
        'toy.yaml:1:1: expected a sweep, got an experiment; `train toy.yaml` trains it; ' +
          'to search, add `sweep: { method: grid, parameters: ... }`',
      ],
    ];
    for (const [args, message] of cases) await expectRefused(cwd, args, [2, message]);
  });

  test('data that is not there is told with where to get it', async () => {
    const cwd = await toyFolder(
      toyExperiment.replace('source: data', 'source: nowhere, from: the library has it'),
    );
    for (const command of [[], ['explain']]) {
      const { code, stderr } = await runTrain([...command, 'toy.yaml'], { cwd });
      expect(stderr).toMatch(/^train: \S*nowhere: expected the data of the experiment, got no such file/);
      expect(stderr).toMatch(/folder; the library has it\n$/);
      expect(code).toBe(3);
    }
    // What the command line names was not meant by the file.
    const other = await runTrain(['toy.yaml', '--data', 'other'], { cwd });
    expect(other.stderr).not.toContain('library');
    expect((await runTrain(['toy.yaml', '--data', 'data', '--dry-run'], { cwd })).stdout).not.toContain(
      'library',
    );
  });

  test('several mistakes are a line each', async () => {
    const cwd = await toyFolder();
    const { code, stderr } = await runTrain(['toy.yaml', '--set', 'lr=1', '--set', 'hidden=2'], { cwd });
    expect(stderr).toBe(
      'train: --set lr: unknown setting "lr"; did you mean "optimizer.learningRate"?\n' +
        'train: --set hidden: unknown setting "hidden"; did you mean "model[0].units"?\n',
    );
    expect(code).toBe(2);
  });

  test('minibatches of one row for batch normalisation, in a dry run too', async () => {
    const cwd = await toyFolder(toyExperiment.replace('- relu', '- batch-norm'));
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr, stdout } = await runTrain(['toy.yaml', '--batch-size', '1', ...more], { cwd });
      expect(stderr).toMatch(/^train: --batch-size: expected at least 2 rows, because batch-norm/);
      expect(code).toBe(2);
      expect(stdout).toBe('');
    }
  });

  test('a data file that is damaged names the file', async () => {
    const cwd = await toyFolder();
    await mkdir(join(cwd, 'other'));
    await writeFile(join(cwd, 'other', 'train-images-idx3-ubyte'), 'nonsense');
    const finished = await runTrain(['toy.yaml', '--data', 'other'], { cwd });
    expect(finished.code).toBe(3);
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(finished.stderr).toContain('other');
  });
});
