// More that is wrong in a command, and told in one line.
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefused } from '../support/refused.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe('bad input is one line and an exit code', () => {
  const cases: [args: string[], code: number, message: string][] = [
    [['--threads', '0'], 2, '--threads: expected an integer at least 1 and at most 1024 or "auto", got 0'],
    [['--threads', '-1'], 2, '--threads: expected an integer at least 1 and at most 1024 or "auto", got -1'],
    [
      ['--threads', '1.5'],
      2,
      '--threads: expected an integer at least 1 and at most 1024 or "auto", got 1.5',
    ],
    [['--threads'], 2, 'Not enough arguments following: threads; `train --help` shows what there is'],
    [['--batch-size', 'x'], 2, '--batch-size: expected an integer at least 1 or "full", got "x"'],
    [['--seeds', '0'], 2, '--seeds: expected an integer from 1 to 999,999, got "0"'],
    [['more'], 2, 'more: one word too many; `train --help` shows what each command takes'],
    [['--set', 'epochs'], 2, '--set: expected path=value, such as optimizer.learningRate=0.1, got "epochs"'],
    [
      ['--set', 'data.validation=600'],
      2,
      '--set data.validation: expected fewer than the 600 training samples, got 600; ' +
        'hold out a part of them, such as --set data.validation=60',
    ],
    [['--out', 'toy.yaml'], 2, '--out toy.yaml: expected a folder, got a file'],
  ];
  test.each(cases)('train toy.yaml %j', async (args, code, message) => {
    const cwd = await toyFolder();
    await expectRefused(cwd, ['toy.yaml', ...args], [code, message]);
    // A mistake leaves no files behind.
    expect(readdirSync(cwd).sort()).toEqual(['data', 'toy.yaml']);
  });

  test('what is given for an experiment is told', async () => {
    const cwd = await toyFolder();
    await writeFile(join(cwd, 'rows.csv'), '0,1,2\n');
    await writeFile(join(cwd, 'search.yaml'), 'experiment: toy.yaml\nsweep: {}\n');
    const expected = 'experiment: expected a YAML file, or a name under experiments/, got';
    const cases: [args: string[], message: string][] = [
      [['tony.yaml'], `${expected} "tony.yaml", and there is no such file; did you mean "toy.yaml"?`],
      [['no/such.yaml'], `${expected} "no/such.yaml", and there is no such file; no has no YAML file`],
      [['./data'], `${expected} "./data", a folder; if these are your data, write \`train --data ./data\``],
      [
        ['data'],
        'data: expected the path of a data set to show, got nothing; ' +
          'to train on a folder that is called data, write `train --data data`',
      ],
      [['evalute'], `${expected} "evalute"; did you mean \`train evaluate\`?`],
      [
        ['search.yaml'],
        'search.yaml:1:1: expected an experiment, got a sweep; `train sweep search.yaml` runs it',
      ],
      [['sweep', 'mrge', 'x'], 'unknown command; did you mean `train sweep merge`?'],
    ];
    for (const [args, message] of cases) await expectRefused(cwd, args, [2, message]);
  });
});
