/** What is about to be trained, in a few lines. */

import type { KindConfig } from '../contracts/fields.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Dataset } from '../foundation/dataset.ts';
import { type NetworkPlan, parameterCount } from '../network.ts';
import type { Plan } from '../task.ts';
import { grouped } from './format.ts';

export interface HeaderFacts {
  experiment: Experiment;
  dataset: Dataset;
  plan: Plan;
  trainingSamples: number;
  threads: string;
}

export function headerLines({
  experiment,
  dataset,
  plan,
  trainingSamples,
  threads,
}: HeaderFacts): [string, string][] {
  const { data, optimizer, schedule, epochs, seed } = experiment;
  const validation =
    data.monitor === 'test' ? 'none held out, the test set is watched' : grouped(data.validation);
  return [
    ['model', `${modelText(plan.network)} · ${grouped(parameterCount(plan.network))} parameters`],
    [
      'data',
      `${dataset.name}: ${dataset.height} x ${dataset.width}, ${dataset.classes} classes · ` +
        `${grouped(trainingSamples)} training · ${validation} validation · ${grouped(dataset.test.count)} test`,
    ],
    ['optimizer', `${kindText(optimizer)} · ${kindText(schedule)} · batch ${plan.batchSize}`],
    ['length', `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} of ${grouped(plan.stepsPerEpoch)} steps`],
    ['threads', threads],
    ['seed', String(seed)],
  ];
}

/** 784 - dense 128 - relu - dense 10; a residual block stands between fork and join. */
function modelText({ inputs, nodes }: NetworkPlan): string {
  const layers = nodes.map(({ config, plan }) =>
    plan.parameters.length > 0 ? `${config.kind} ${plan.outputs}` : config.kind,
  );
  return [String(inputs), ...layers].join(' - ');
}

/** sgd (learningRate 0.1, momentum 0.9, nesterov): settings that are off are left out. */
function kindText({ kind, ...settings }: KindConfig): string {
  const shown = Object.entries(settings)
    .filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => (value === true ? name : `${name} ${value}`));
  return shown.length > 0 ? `${kind} (${shown.join(', ')})` : kind;
}
