// Small trainings for the trials of survival: each has something in it that is easily forgotten when a
// training is interrupted.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a label and 64 pixels: ten classes with some noise, from a small generator of our own. */
function pictures(count) {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 4294967296;
  };
  return Array.from({ length: count }, () => {
    const label = Math.floor(next() * 10);
    const pixels = Array.from({ length: 64 }, (_, p) => {
      const ink = p % 10 === label ? 90 : 40;
      return Math.min(255, Math.max(0, Math.round(ink + 120 * (next() + next() + next() - 1.5))));
    });
    return [label, ...pixels].join(',');
  }).join('\n');
}

const shared = `
data: { source: pictures.csv, validation: 300 }
batchSize: 32
execution: { checkpoint: { minutes: 0.004 } }
`;
const dense = 'model: [{ kind: dense, units: 48 }, relu, { kind: dense, units: classes }]';

/** By name; `%` is a number of epochs that takes some seconds. */
export const experiments = {
  'momentum, batch-norm, dropout': `${shared}
model: [{ kind: dense, units: 48 }, batch-norm, relu, { kind: dropout, rate: 0.3 }, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.05, momentum: 0.9 }
epochs: 12`,
  'adam, early stopping': `${shared}${dense}
optimizer: { kind: adam, learningRate: 0.003 }
earlyStopping: { metric: loss, patience: 4 }
epochs: 40`,
  'plateau, clipping, evaluations by steps': `${shared}${dense}
optimizer: { kind: sgd, learningRate: 0.2, momentum: 0.9, clipNorm: 0.5 }
schedule: { kind: reduce-on-plateau, metric: loss, patience: 1 }
evaluateEvery: { steps: 70 }
epochs: 12`,
  'augmentation, cosine, decay': `${shared}${dense}
optimizer: { kind: adam, learningRate: 0.003, weightDecay: 0.01 }
augmentation: [{ kind: shift, pixels: 1 }]
schedule: { kind: cosine }
epochs: 10`,
  'without validation, float64': `${shared.replace('validation: 300', 'validation: 0')}${dense}
optimizer: { kind: adam, learningRate: 0.003 }
kernels: reference
epochs: 6`,
};

/** Writes the experiments and their data into a folder. Returns the files by name. */
export function writeExperiments(folder) {
  writeFileSync(join(folder, 'pictures.csv'), `${pictures(3000)}\n`);
  return Object.entries(experiments).map(([name, text], index) => {
    const file = `e${index + 1}.yaml`;
    writeFileSync(join(folder, file), text);
    return { name, file };
  });
}
