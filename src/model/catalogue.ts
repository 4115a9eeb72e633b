/**
 * Finds the things of each family by name: a file in a family's folder is a kind, and its name is the
 * kind's. Adding a layer means adding one file; nothing is registered anywhere.
 */
import { readdirSync } from 'node:fs';
import type { AugmentationKind } from '../contracts/augmentation.ts';
import type { Family, Fields } from '../contracts/fields.ts';
import type { InitializerKind } from '../contracts/initializer.ts';
import type { LayerKind } from '../contracts/layer.ts';
import type { LossKind } from '../contracts/loss.ts';
import type { OptimizerKind } from '../contracts/optimizer.ts';
import type { ScheduleKind } from '../contracts/schedule.ts';

export interface Catalogue {
  layer: ReadonlyMap<string, LayerKind>;
  loss: ReadonlyMap<string, LossKind>;
  optimizer: ReadonlyMap<string, OptimizerKind>;
  schedule: ReadonlyMap<string, ScheduleKind>;
  initializer: ReadonlyMap<string, InitializerKind>;
  augmentation: ReadonlyMap<string, AugmentationKind>;
}

const folders: Record<Family, string> = {
  layer: 'layers',
  loss: 'losses',
  optimizer: 'optimizers',
  schedule: 'schedules',
  initializer: 'initializers',
  augmentation: 'augmentations',
};

/** What every kind of every family has. */
interface Kind {
  kind: string;
  summary: string;
  fields: Fields;
}

/** All kinds in one folder, by name in alphabetical order. */
async function kindsIn(folder: string): Promise<Map<string, Kind>> {
  const files = readdirSync(new URL(`../${folder}/`, import.meta.url))
    .filter((file) => file.endsWith('.js'))
    .sort();
  const kinds = await Promise.all(
    files.map(async (file) => {
      const [kind] = Object.values(await import(`../${folder}/${file}`)) as Kind[];
      return [kind!.kind, kind!] as const;
    }),
  );
  return new Map(kinds);
}

const families = Object.entries(folders).map(async ([family, folder]) => [family, await kindsIn(folder)]);

/** Everything an experiment can name. */
export const catalogue = Object.fromEntries(await Promise.all(families)) as Catalogue;
