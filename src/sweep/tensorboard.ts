/** The event file of a sweep's folder: what is varied and watched, for TensorBoard's tab HPARAMS. */
import { join } from 'node:path';
import { figureCalled } from '../model/figure-text.ts';
import { eventFilesIn, recordsOf } from '../run/tensorboard/event-file.ts';
import { fileVersion } from '../run/tensorboard/events.ts';
import { sweepExperiment, type VariedParameter } from '../run/tensorboard/hyperparameters.ts';
import { writeWhole } from '../run/write-whole.ts';
import { figureName } from './objective.ts';
import type { Sweep } from './read.ts';
import type { Dimension } from './space.ts';

/** Writes the file, in the place of an earlier one: the sweep may have been extended. */
export async function writeSweepEvents(folder: string, sweep: Sweep): Promise<void> {
  const wallTime = Date.now() / 1000;
  const [earlier] = await eventFilesIn(folder);
  const file = earlier ?? `events.out.tfevents.${Math.floor(wallTime)}.lockstep`;
  const figure = figureName(sweep.objective);
  const experiment = sweepExperiment(
    { wallTime, step: 0 },
    {
      name: sweep.name,
      parameters: sweep.dimensions.map(parameterOf),
      metric: { tag: `${figure}/val`, title: `validation ${figureCalled(figure).title}` },
    },
  );
  await writeWhole(join(folder, file), [recordsOf([fileVersion(wallTime), experiment])]);
}

function parameterOf(dimension: Dimension): VariedParameter {
  const { path: name } = dimension;
  if (dimension.kind === 'choice') return { name, values: dimension.values };
  if (dimension.kind === 'interval') return { name, interval: [dimension.min, dimension.max] };
  return { name };
}
