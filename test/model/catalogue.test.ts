import { readdirSync } from 'node:fs';
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
