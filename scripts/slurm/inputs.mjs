// The sweeps and trainings that test:slurm submits: small ones, which still take long enough to be struck.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallExperiment } from '../small-sweep.mjs';

const experiment = smallExperiment({ training: 3000, units: 64, batchSize: 20, epochs: 5 });

// One of the values diverges.
const grid = `${experiment}sweep:
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.01, 0.03, 0.1, 1.0e+30] }
    batchSize: { values: [20, 50, 100] }
`;

const queue = `${experiment}sweep:
  method: random
  run_cap: 16
  batch: 8
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.003, max: 1 }
    model[0].units: { distribution: q_uniform, min: 16, max: 64, q: 16 }
`;

const shared = (epochs) => `
data: { source: mnist-2000, validation: 300 }
model: [{ kind: dense, units: 64 }, batch-norm, relu, { kind: dense, units: classes }]
optimizer: { kind: adam, learningRate: 0.003 }
batchSize: 1024
evaluateEvery: { epochs: 5 }
epochs: ${epochs}
`;

/** Writes grid.yaml, queue.yaml, ranks.yaml, and long.yaml, which is that with more epochs. */
export function writeInputs(folder) {
  const files = { grid, queue, ranks: shared(5), long: shared(300) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.yaml`), text);
}
