// More of fine-tuning from a run: longer trainings, and experiments that name their weights.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { done, run, trainTuned } from '../support/tuned-run.ts';

describe('from a run', () => {
  const folder = preparedFolder(trainTuned);

  test('a longer training that is verified', async () => {
    const cwd = await folder();
    await done(cwd, 'resume', 'tuned', '--epochs', '5', '--out', 'longer');
    expect((await runTrain(['verify', 'longer'], { cwd })).stdout).toMatch(/^identical: 5 epochs/);
  });

  test('a config that names weights wants those', async () => {
    const cwd = await folder();
    await cp(join(cwd, 'tuned/config.yaml'), join(cwd, 'again.yaml'));
    expect(await run(cwd, 'again.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'pretrained: expected the weights that the training begins with, got none',
      ),
    });
    expect(await run(cwd, 'again.yaml', '--from', 'tuned')).toMatchObject({ code: 0 });
    const changed = await readFile(join(cwd, 'again.yaml'), 'utf8');
    await writeFile(join(cwd, 'again.yaml'), changed.replace(/stateSha256: ../, 'stateSha256: 00'));
    const { code, stderr } = await run(cwd, 'again.yaml', '--from', 'first');
    expect(code).toBe(2);
    expect(stderr).toMatch(/pretrained.stateSha256: expected the weights of sha256 00/);
  });
});
