// `train sweep` as a command: what it tries, records, and goes on with.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { grid, lastLine, read, shortHalving, sweepFolder, trialsOf } from '../support/sweep-folder.ts';
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

  test('random with hyperband: the same trials and winner however they are run', async () => {
    const cwd = await sweepFolder(shortHalving);
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
});
