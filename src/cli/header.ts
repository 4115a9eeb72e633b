/** The header of a training: a few lines about what will be trained. */

import type { KindConfig } from '../contracts/fields.ts';
import { commonFields } from '../contracts/optimizer.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Signature } from '../data/split.ts';
import type { Plan } from '../engine/plan.ts';
import type { Experiment, PretrainedRecord } from '../experiment/experiment.ts';
import { modelText } from '../model/model-text.ts';
import { type NetworkPlan, parameterCount } from '../model/network.ts';
import { takesPretrained } from '../model/pretrained.ts';
import { preparationText, sampleText, targetText } from './data-text.ts';
import { grouped } from './format.ts';

export interface HeaderFacts {
  experiment: Experiment;
  dataset: Dataset;
  signature: Signature;
  plan: Plan;
  trainingSamples: number;
  validationSamples: number;
  threads: string;
  /** Why this experiment, if none was named. */
  choice?: string | undefined;
}

export function headerLines({
  experiment,
  dataset,
  signature,
  choice,
  plan,
  trainingSamples,
  validationSamples,
  threads,
}: HeaderFacts): [string, string][] {
  const { data, augmentation, optimizer, schedule, seed, earlyStopping } = experiment;
  const { epochs, stepsPerEpoch, steps } = plan;
  const validation =
    data.monitor === 'test' ? 'none held out, the test set is watched' : grouped(validationSamples);
  const lastEpochIsWhole = steps === epochs * stepsPerEpoch;
  return [
    ...(choice ? [['chosen', choice] as [string, string]] : []),
    ['model', `${modelText(experiment.model, plan.network)} · ${parameterText(plan.network)}`],
    ...(experiment.pretrained
      ? [['weights', beginningText(experiment.pretrained, plan.network)] as [string, string]]
      : []),
    [
      'data',
      `${dataset.name}: ${sampleText(dataset).replace(' pixels', '')}, ${targetText(dataset)} · ` +
        `${grouped(trainingSamples)} training · ${validation} validation · ` +
        `${grouped(dataset.test.count)} test`,
    ],
    ...[...(dataset.notes ?? []), ...preparationText(signature, data.preparation)].map(
      (note): [string, string] => ['', note],
    ),
    ...(augmentation.length > 0 ? [['augmented', augmentedText(experiment, plan)] as [string, string]] : []),
    ...(experiment.loss.kind === 'mean-squared-error' && dataset.targets.kind === 'classes'
      ? [['loss', 'mean squared error against one-hot classes'] as [string, string]]
      : []),
    ['optimizer', `${kindText(optimizer)} · ${kindText(schedule)} · batch ${plan.batchSize}`],
    [
      'length',
      [
        lastEpochIsWhole
          ? `${grouped(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'} of ` +
            `${grouped(stepsPerEpoch)} ${stepsPerEpoch === 1 ? 'step' : 'steps'}`
          : `${grouped(steps)} steps, of ${grouped(stepsPerEpoch)} an epoch`,
        ...(earlyStopping
          ? [
              `ends early after ${earlyStopping.patience} evaluations ` +
                `without a better ${earlyStopping.metric}`,
            ]
          : []),
      ].join(' · '),
    ],
    ['threads', threads],
    ['seed', String(seed)],
  ];
}

function augmentedText({ augmentation, noAugmentationEpochs: plain }: Experiment, plan: Plan): string {
  const distortions = augmentation.map(kindText).join(', then ');
  if (!plain) return distortions;
  const without = plain === 1 ? 'the last epoch' : `the last ${plain} epochs`;
  return plan.lastAugmented < 1 ? `not at all: not in ${without}` : `${distortions} · not in ${without}`;
}

function parameterText(network: NetworkPlan): string {
  const learnt = network.parameters.reduce((sum, { count, frozen }) => sum + (frozen ? 0 : count), 0);
  const all = parameterCount(network);
  return `${grouped(all)} parameters${learnt < all ? `, of which ${grouped(learnt)} learn` : ''}`;
}

/** `those of runs/first, sha256 27919fae; model[4] is drawn anew` */
function beginningText({ from, stateSha256 }: PretrainedRecord, { nodes }: NetworkPlan): string {
  const anew = nodes.filter((node) => node.parameters.length > 0 && !takesPretrained(node));
  const drawn = anew.length > 0 ? `; drawn anew: ${anew.map(({ path }) => path).join(', ')}` : '';
  return `those of ${from}, sha256 ${stateSha256.slice(0, 8)}${drawn}`;
}

/** sgd (learningRate 0.1, momentum 0.9, nesterov). Settings that are off or have no effect are left out. */
function kindText({ kind, ...settings }: KindConfig): string {
  const shown = Object.entries(settings)
    .filter(([, value]) => value !== 0 && value !== false)
    .filter(
      ([name, value]) =>
        name !== 'decayExempt' || (settings.weightDecay !== 0 && value !== commonFields.decayExempt.default),
    )
    .map(([name, value]) => (value === true ? name : `${name} ${value}`));
  return shown.length > 0 ? `${kind} (${shown.join(', ')})` : kind;
}
