import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { catalogue } from '#lockstep/model/catalogue.js';

const folders = {
  layer: 'layers',
  loss: 'losses',
  optimizer: 'optimizers',
  schedule: 'schedules',
  initializer: 'initializers',
  augmentation: 'augmentations',
} as const;

test.each(Object.entries(folders))(
  'each %s is a file of its name, and each file a kind',
  async (family, folder) => {
    const files = readdirSync(new URL(`../../src/${folder}`, import.meta.url)).map((file) =>
      file.replace('.ts', ''),
    );
    expect([...catalogue[family as keyof typeof folders].keys()]).toEqual(files.sort());
    for (const file of files) {
      const exported: { kind: string; summary: string }[] = Object.values(
        await import(`#lockstep/${folder}/${file}.js`),
      );
      expect(exported.map(({ kind }) => kind)).toEqual([file]);
      expect(exported[0]!.summary).toMatch(/\.$/);
    }
  },
);

test('the list of all kinds is written once, and left alone while nothing changes', () => {
  const list = new URL('../../src/model/catalogue.generated.ts', import.meta.url);
  const state = () => ({ text: readFileSync(list, 'utf8'), written: statSync(list).mtimeMs });
  const before = state();
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/catalogue.mjs', import.meta.url))]);
  expect(state()).toEqual(before);
});
