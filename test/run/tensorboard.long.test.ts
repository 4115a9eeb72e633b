// Event files for TensorBoard, of sweeps and of a training that was killed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { check, eventsIn, hasPython } from '../support/event-files.ts';
import { program, runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describe.skipIf(!hasPython)('--tensorboard', { timeout: 120_000 }, () => {
  test('of a training that was killed and goes on: each epoch once', async () => {
    const often = 'execution: { checkpoint: { minutes: 0.001 } }\n';
    const cwd = await toyFolder(toyExperiment.replace('epochs: 3', 'epochs: 200') + often);
    const child = spawn(process.execPath, [program, 'toy.yaml', '--out', 'run', '--tensorboard'], {
      cwd,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    while (!existsSync(join(cwd, 'run/checkpoints/last.safetensors'))) await sleep(2);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const resumed = await runTrain(['resume', 'run', '--quiet'], { cwd });
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    const found = await check(cwd, 'run');
    expect([found.files, found.values]).toEqual([2, 200 * 8 + 5]);
  });

  test('of a sweep: a file for each training with its hyperparameters, and one for all', async () => {
    const cwd = await toyFolder();
    const sweep = 'sweep:\n  method: grid\n  parameters: { "model[0].units": { values: [4, 8] } }\n';
    await writeFile(join(cwd, 'sweep.yaml'), toyExperiment + sweep);
    const { code } = await runTrain(['sweep', 'sweep.yaml', '--out', 'out', '--tensorboard', '--quiet'], {
      cwd,
    });
    expect(code).toBe(0);
    const trials = readdirSync(join(cwd, 'out/trials'));
    expect(trials.length).toBe(2);
    for (const trial of trials) {
      expect((await check(cwd, 'out/trials', trial)).plugins).toEqual([
        '_hparams_/session_end_info (hparams)',
        '_hparams_/session_start_info (hparams)',
        'custom_scalars__config__ (custom_scalars)',
      ]);
    }
    const [experiment] = eventsIn(join(cwd, 'out'));
    const bytes = await readFile(join(cwd, 'out', experiment!), 'latin1');
    for (const part of ['_hparams_/experiment', 'model[0].units', 'accuracy/val']) {
      expect(bytes).toContain(part);
    }
    const verified = await runTrain(['verify', 'out', '--quick'], { cwd });
    expect([verified.code, verified.stderr]).toEqual([0, expect.anything()]);
  });
});
