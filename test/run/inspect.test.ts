// A run that was forged with all its digests: training it again finds what differs, and names it.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSummaryAsIs } from '#lockstep/run/inspect.js';
import { readSafetensors, type SafetensorsFile, writeSafetensors } from '#lockstep/run/safetensors.js';
import { type RunSummary, writeSummary } from '#lockstep/run/summary.js';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

const [last, best] = ['checkpoints/last.safetensors', 'checkpoints/best.safetensors'];

type Forgery = (contents: SafetensorsFile) => string;
/** Two in a run, one in each file. */
const cases: [what: string, forge: Record<string, Forgery>][] = [
  [
    'tensors',
    {
      [last]({ tensors }) {
        const { id, values } = tensors.at(-1)!;
        values[0]! += 1;
        return `${id} differs`;
      },
      [best]({ tensors }) {
        tensors[0]!.values[1]! += 1;
        return `${tensors[0]!.id} differs`;
      },
    },
  ],
  [
    'headers',
    {
      // A fact.
      [last]({ metadata }) {
        (metadata as Record<string, string>).experiment = 'another';
        return 'its header differs';
      },
      // A slot too many.
      [best](contents) {
        (contents.tensors as object[]).push({ id: 'more', shape: [1], values: Float32Array.of(1) });
        return 'its header differs';
      },
    },
  ],
];

test('each forgery is found and named', async () => {
  const cwd = await toyFolder();
  await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
  for (const [what, forgeries] of cases) {
    const run = join(cwd, what);
    await cp(join(cwd, 'run'), run, { recursive: true });
    const expected: string[] = [];
    for (const [name, forge] of Object.entries(forgeries)) {
      const contents = await readSafetensors(join(run, name));
      expected.push(`train: ${join(what, name)}: ${forge(contents)}`);
      await writeSafetensors(join(run, name), contents);
    }
    const { files: _, sha256: _s, format: _f, ...summary } = (await readSummaryAsIs(run)).summary;
    await writeSummary(run, summary as RunSummary);
    const { code, stderr } = await runTrain(['verify', what, '--quiet'], { cwd });
    expect(code, what).toBe(1);
    expect(stderr.trimEnd().split('\n').sort(), what).toEqual(expected.sort());
  }
});
