// `train sweep` as a command that is killed, run again, and run in other ways than most.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Finished, runTrain, startTrain } from '../support/run-cli.ts';
import { grid, halving, read, shortHalving, sweepFolder, trialsOf } from '../support/sweep-folder.ts';
import { toyExperiment } from '../support/toy-data.ts';

// Many processes, each with its own threads, take long on a busy machine.
describe('train sweep', { timeout: 300_000 }, () => {
  test('that was killed again and again comes to the same end', async () => {
    const cwd = await sweepFolder(shortHalving);
    const args = (out: string) => ['sweep', 'sweep.yaml', '--json', '--quiet', '--out', out];
    await runTrain(args('whole'), { cwd });
    const killed: (number | null)[] = [];
    for (const parallel of ['1', '2', '3']) {
      const running = startTrain([...args('killed'), '--parallel', parallel], { cwd });
      // As soon as a trial has ended, another one is at work.
      await Promise.race([running.shows('"known":false'), running.finished]);
      running.kill('SIGKILL');
      killed.push((await running.finished).code);
    }
    expect(killed[0]).toBeNull();
    expect(trialsOf(join(cwd, 'killed')).length).toBeGreaterThan(0);
    expect((await runTrain(args('killed'), { cwd })).code).toBe(0);
    expect(trialsOf(join(cwd, 'killed'))).toEqual(trialsOf(join(cwd, 'whole')));
    for (const file of ['results.csv', 'best.yaml', 'best/metrics.csv']) {
      expect(read(cwd, 'killed', file)).toBe(read(cwd, 'whole', file));
    }
  });

  test('run again trains nothing; with a value more, only what is new', async () => {
    const cwd = await sweepFolder(grid);
    const args = ['sweep', 'sweep.yaml', '--json', '--quiet', '--out', 'out'];
    const events = ({ stdout }: Finished) =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const first = events(await runTrain(args, { cwd }));
    expect(first.map(({ event }) => event)).toEqual([...Array(6).fill('trial'), 'end']);
    expect(first.slice(0, 6).map(({ known }) => known)).toEqual(Array(6).fill(false));
    const before = [
      read(cwd, 'out/trials.jsonl'),
      read(cwd, 'out/results.csv'),
      read(cwd, 'out/best/timing.csv'),
    ];

    const second = events(await runTrain(args, { cwd }));
    expect(second.slice(0, 6).map(({ known }) => known)).toEqual(Array(6).fill(true));
    expect(second.at(-1)).toEqual(first.at(-1));
    // Not even the winner was trained again.
    expect([
      read(cwd, 'out/trials.jsonl'),
      read(cwd, 'out/results.csv'),
      read(cwd, 'out/best/timing.csv'),
    ]).toEqual(before);

    writeFileSync(join(cwd, 'sweep.yaml'), toyExperiment + grid.replace('[0.01,', '[0.005, 0.01,'));
    const third = events(await runTrain(args, { cwd }));
    expect(
      third
        .filter(({ known }) => known === false)
        .map(({ parameters }) => parameters['optimizer.learningRate']),
    ).toEqual([0.005, 0.005]);
    expect(read(cwd, 'out/results.csv').trimEnd().split('\n')).toHaveLength(9);
    expect(read(cwd, 'out/trials.jsonl').startsWith(before[0]!)).toBe(true);
    // The folder's own file is the same sweep.
    const own = events(await runTrain(['sweep', 'out/sweep.yaml', ...args.slice(2)], { cwd }));
    expect(own.slice(0, 8).every(({ known }) => known)).toBe(true);
  });

  test('of several seeds judges by their mean', async () => {
    const cwd = await sweepFolder(grid.replace('method: grid', 'method: grid\n  seeds: 3'));
    const { code, stdout } = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\d\d\.\d\d % ± \d/);
    expect(trialsOf(join(cwd, 'out'))).toHaveLength(18);
    const [head, ...rows] = read(cwd, 'out/results.csv').trimEnd().split('\n');
    expect(head).toContain('val_accuracy,val_accuracy_sd,');
    const [, number, , , mean, deviation] = rows.at(-1)!.split(',').map(Number);
    const values = trialsOf(join(cwd, 'out'))
      .filter(({ trial }) => trial === number)
      .map(({ metric }) => metric!);
    expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3, 12);
    expect(deviation).toBeGreaterThan(0);
    expect(readdirSync(join(cwd, 'out/best')).sort()).toEqual(['seed-5', 'seed-6', 'seed-7']);
  });

  test('ends after the batch in which the target is reached', async () => {
    const block = grid.replace(
      '  parameters:',
      '  metric: { name: val_accuracy, goal: maximize, target: 0.5 }\n  batch: 2\n  parameters:',
    );
    const cwd = await sweepFolder(block);
    for (const parallel of ['1', '4']) {
      await runTrain(['sweep', 'sweep.yaml', '--out', parallel, '--parallel', parallel], { cwd });
    }
    expect(trialsOf(join(cwd, '1')).length % 2).toBe(0);
    expect(trialsOf(join(cwd, '1')).length).toBeLessThan(6);
    expect(trialsOf(join(cwd, '4'))).toEqual(trialsOf(join(cwd, '1')));
  });

  test('--dry-run of bayes lists what is certain, which is what the sweep begins with', async () => {
    const bayes = halving
      .replace('random', 'bayes')
      .replace(/ {2}early_terminate.*\n/, '')
      .replace('run_cap: 11', 'run_cap: 14');
    const cwd = await sweepFolder(bayes);
    const { code, stdout, stderr } = await runTrain(['sweep', 'sweep.yaml', '--dry-run', '--json'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe(
      'warning only these first 12 trials are certain, which bayes draws at random; ' +
        'it chooses the others, in batches of 6, from the results of those before\n',
    );
    const listed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).ids[0]);
    expect(listed).toHaveLength(12);
    await runTrain(['sweep', 'sweep.yaml', '--out', 'out', '--quiet'], { cwd });
    const trained = trialsOf(join(cwd, 'out')).sort((a, b) => a.trial - b.trial);
    expect(trained.slice(0, 12).map(({ id }) => id)).toEqual(listed);
    expect(trained).toHaveLength(14);
    writeFileSync(join(cwd, 'sweep.yaml'), toyExperiment + bayes.replace('run_cap: 14', 'run_cap: 12'));
    expect((await runTrain(['sweep', 'sweep.yaml', '--dry-run', '--json'], { cwd })).stderr).toBe('');
  });

  test('over threads has the same digest in every row', async () => {
    const cwd = await sweepFolder(
      'sweep: { method: grid, parameters: { execution.threads: { values: [1, 2, 3] } } }\n',
    );
    await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    const trials = trialsOf(join(cwd, 'out'));
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3]);
    expect(new Set(trials.map(({ weightsSha256 }) => weightsSha256)).size).toBe(1);
    const threads = trials.map(({ run }) => JSON.parse(read(cwd, 'out', run, 'summary.json')).threads);
    expect(threads).toEqual([1, 2, 3]);
  });
});

test('the page of a sweep can be written again, of as much as there is', async () => {
  const cwd = await sweepFolder(halving);
  await runTrain(['sweep', 'sweep.yaml', '--out', 'whole', '--quiet'], { cwd });
  const page = read(cwd, 'whole', 'report.html');
  writeFileSync(join(cwd, 'whole', 'report.html'), '');
  const again = await runTrain(['report', 'whole'], { cwd });
  expect([again.code, again.stdout]).toEqual([0, `${join('whole', 'report.html')}\n`]);
  expect(read(cwd, 'whole', 'report.html')).toBe(page);

  // As if it had been interrupted before the first batch was decided.
  const lines = read(cwd, 'whole', 'trials.jsonl').split('\n');
  writeFileSync(join(cwd, 'whole', 'trials.jsonl'), `${lines.slice(0, 2).join('\n')}\n`);
  expect((await runTrain(['report', 'whole'], { cwd })).code).toBe(0);
  expect(read(cwd, 'whole', 'report.html')).toContain('<dt>trials</dt><dd>2</dd>');
});
