// `train sweep` as a command: what it tries, records, and goes on with.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Finished, runTrain, startTrain } from '../support/run-cli.ts';
import { grid, halving, lastLine, read, sweepFolder, trialsOf } from '../support/sweep-folder.ts';
import { toyExperiment } from '../support/toy-data.ts';

// Many processes, each with its own threads, take long on a busy machine.
describe('train sweep', { timeout: 300_000 }, () => {
  test('of a grid trains every point, ranks them, and judges the winner on the test set', async () => {
    const cwd = await sweepFolder(grid);
    const { code, stdout, stderr } = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    expect(stderr).toContain('grid, 6 trials');
    expect(code).toBe(0);
    const trials = trialsOf(join(cwd, 'out'));
    expect(trials.map(({ trial, status, epochs }) => [trial, status, epochs])).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => [number, 'finished', 3]),
    );
    expect(new Set(trials.map(({ weightsSha256 }) => weightsSha256)).size).toBe(6);

    const rows = read(cwd, 'out/results.csv').trimEnd().split('\n');
    expect(rows[0]).toBe(
      'rank,trial,status,epochs,val_accuracy,optimizer.learningRate,model[0].units,weightsSha256,run,message',
    );
    const figures = rows.slice(1).map((row) => Number(row.split(',')[4]));
    expect(figures).toEqual(figures.toSorted((a, b) => b - a));

    const winner = trials.find(({ trial }) => trial === Number(rows[1]!.split(',')[1]))!;
    const best = JSON.parse(read(cwd, 'out/best/summary.json'));
    expect(best.weightsSha256).toBe(winner.weightsSha256);
    expect(best.test.accuracy).toBeGreaterThan(0.9);
    expect(stdout).toContain(winner.weightsSha256!);
    // The pages are where it says.
    const reports = ['out/report.html', 'out/best/report.html'].map((file) => join(...file.split('/')));
    expect(stdout).toContain(`report               ${reports[0]}\nwinner's report      ${reports[1]}\n`);
    for (const file of reports) expect(existsSync(join(cwd, file))).toBe(true);
    // No trial was evaluated on the test set, and best.yaml is the winner's experiment.
    for (const { run } of trials) {
      expect(JSON.parse(read(cwd, 'out', run, 'summary.json')).test).toBeNull();
    }
    expect(read(cwd, 'out/best.yaml')).toBe(read(cwd, 'out', winner.run, 'config.yaml'));
    await runTrain(['out/best.yaml', '--out', 'again'], { cwd });
    expect(JSON.parse(read(cwd, 'again/summary.json')).weightsSha256).toBe(winner.weightsSha256);
  });

  test.each([
    ['grid', grid],
    ['random with hyperband', halving],
  ])('%s: the same trials and winner however they are run', async (_, block) => {
    const cwd = await sweepFolder(block);
    const ways = [
      ['--parallel', '1', '--threads', '2'],
      ['--parallel', '3', '--threads', '1'],
    ];
    const results = [];
    for (const [i, way] of ways.entries()) {
      const { code } = await runTrain(['sweep', 'sweep.yaml', '--out', `out${i}`, '--quiet', ...way], {
        cwd,
      });
      expect(code).toBe(0);
      results.push([
        trialsOf(join(cwd, `out${i}`)),
        read(cwd, `out${i}/results.csv`),
        read(cwd, `out${i}/best.yaml`),
        JSON.parse(read(cwd, `out${i}/best/summary.json`)).weightsSha256,
      ]);
    }
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });

  test('that was killed again and again comes to the same end', async () => {
    const block = halving.replace('run_cap: 11', 'run_cap: 7').replace('batch: 6', 'batch: 4');
    const cwd = await sweepFolder(block);
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

  test('goes on when a trial fails, tells why, and exits with 1', async () => {
    const cwd = await sweepFolder(grid.replace('[0.01, 0.1, 0.3]', '[0.1, 1.0e+30]'));
    const { code, stderr } = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('trial 3 failed: the training diverged in epoch 1');
    const trials = trialsOf(join(cwd, 'out'));
    expect(trials.map(({ status }) => status)).toEqual(['finished', 'finished', 'failed', 'failed']);
    expect(trials[3]).toMatchObject({ metric: null, weightsSha256: null });
    expect(trials[3]!.message).toContain('diverged');
    expect(existsSync(join(cwd, 'out/best/summary.json'))).toBe(true);
    // A failed trial is not tried again unless asked to.
    const lines = () => read(cwd, 'out/trials.jsonl').split('\n').length;
    const before = lines();
    expect((await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd })).code).toBe(1);
    expect(lines()).toBe(before);
    await runTrain(['sweep', 'sweep.yaml', '--out', 'out', '--retry'], { cwd });
    expect(lines()).toBe(before + 2);
  });

  test('records values that do not go together as failed', async () => {
    const cwd = await sweepFolder(`sweep:
  method: grid
  parameters:
    optimizer: { values: [{ kind: sgd, learningRate: 0.1 }, { kind: adam, learningRate: 0.01 }] }
    optimizer.learningRate: { values: [0.1, 0.01] }
    optimizer.momentum: { values: [0, 0.5] }
`);
    const { code, stderr } = await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('unknown setting "momentum"');
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

  test('by SIGINT stops, says how to go on, and goes on', async () => {
    const long = toyExperiment.replace('epochs: 3', 'epochs: 40');
    const cwd = await sweepFolder(grid, long);
    const running = startTrain(['sweep', 'sweep.yaml', '--out', 'out', '--parallel', '1'], { cwd });
    await running.shows('finished');
    running.kill('SIGINT');
    const stopped = await running.finished;
    expect(stopped.code).toBe(130);
    expect(lastLine(stopped)).toMatch(
      /^stopped by SIGINT after \d trials; the same command goes on with out/,
    );
    expect(existsSync(join(cwd, 'out/lock'))).toBe(false);
    expect((await runTrain(['sweep', 'sweep.yaml', '--out', 'out'], { cwd })).code).toBe(0);
    expect(trialsOf(join(cwd, 'out'))).toHaveLength(6);
  });

  test('--dry-run lists the trials and writes nothing', async () => {
    const cwd = await sweepFolder(grid);
    const { code, stdout } = await runTrain(['sweep', 'sweep.yaml', '--dry-run'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(6);
    expect(stdout).toMatch(
      /^ {4}1 {2}[0-9a-f]{16} {2}\{"optimizer.learningRate":0.01,"model\[0\].units":4\}/,
    );
    expect(readdirSync(cwd).sort()).toEqual(['data', 'sweep.yaml', 'toy.yaml']);
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

  test('split into shards and merged is the same sweep', async () => {
    const cwd = await sweepFolder(grid);
    await runTrain(['sweep', 'sweep.yaml', '--out', 'whole', '--quiet'], { cwd });
    for (const part of ['1/2', '2/2']) {
      const { code, stdout, stderr } = await runTrain(['sweep', 'sweep.yaml', '--shard', part], { cwd });
      expect(stdout).toMatch(/^report {2}.*report\.html$/m);
      expect(code).toBe(0);
      expect(stderr).toContain('`train sweep merge` joins the parts');
    }
    const parts = ['runs/sweep-sweep-shard-1-of-2', 'runs/sweep-sweep-shard-2-of-2'];
    expect(trialsOf(join(cwd, parts[1]!)).map(({ trial }) => trial)).toEqual([2, 4, 6]);
    expect(existsSync(join(cwd, parts[0]!, 'best'))).toBe(false);
    const merged = await runTrain(['sweep', 'merge', 'all', ...parts], { cwd });
    expect(merged.code).toBe(0);
    expect(trialsOf(join(cwd, 'all'))).toEqual(trialsOf(join(cwd, 'whole')));
    for (const file of ['results.csv', 'best.yaml', 'best/metrics.csv', 'report.html']) {
      expect(read(cwd, 'all', file)).toBe(read(cwd, 'whole', file));
    }
    for (const { run } of trialsOf(join(cwd, 'all')))
      expect(existsSync(join(cwd, 'all', run, 'metrics.csv'))).toBe(true);

    const half = await runTrain(['sweep', 'merge', 'half', parts[0]!], { cwd });
    expect(half.code).toBe(1);
    expect(lastLine(half)).toBe(
      '3 trials are in none of the parts; ' +
        '`train sweep half/sweep.yaml --out half` trains them and judges the winner',
    );
    const again = await runTrain(['sweep', 'merge', 'all', ...parts], { cwd });
    expect(again.code).toBe(2);
    expect(lastLine(again)).toContain('--out all: expected a new or empty folder');
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
