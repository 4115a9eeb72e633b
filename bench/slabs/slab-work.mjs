// The usual way of data-parallel training, for comparison only: each thread has a slab with a gradient of all
// parameters. A step has two phases. First each thread runs forward and backward on its rows of the minibatch
// and sums their gradient in its slab. Then the slabs are added, block by block of the parameters, and each
// block is averaged and updated.
//
// Kernels, memory map, blocks and barriers are Lockstep's own, so only the slabs differ. The sum depends on
// the division of the rows, so another number of threads gives another result.

import { decays } from '../../dist/src/contracts/optimizer.js';
import { samplesAt } from '../../dist/src/data/sample-set.js';
import { orderOf } from '../../dist/src/data/split.js';
import { buildLayers } from '../../dist/src/engine/build-layers.js';
import { loadTargets } from '../../dist/src/engine/gather.js';
import { planTraining } from '../../dist/src/engine/plan.js';
import { piecesOf } from '../../dist/src/engine/update.js';
import { longestSum } from '../../dist/src/foundation/cuts.js';
import { wasmKernels } from '../../dist/src/kernels/backends/wasm/program.js';
import { blockSize, blocksOf } from '../../dist/src/model/blocks.js';
import { catalogue } from '../../dist/src/model/catalogue.js';
import { listsOperand } from '../../dist/src/operands/pixels.js';
import { attachControl, words } from '../../dist/src/sync/control.js';

/** Elements of a thread's slab, and the place of each block of each parameter in it. */
export function planSlab({ network, map: { layout } }) {
  let size = 0;
  const blocks = network.parameters.flatMap((tensor, parameter) => {
    return blocksOf(tensor, layout, { threads: 1, listed: true }).map((range) => {
      const elements = blockSize(tensor, layout, range);
      const at = size;
      size += Math.ceil(elements / 32) * 32;
      return { parameter, range, at, elements };
    });
  });
  return { size, blocks };
}

/** The work of thread `thread` in an epoch, a program of phases; see src/sync/barrier.ts. */
export function slabWork({ experiment, data, program, control: buffer, threads }, thread) {
  const control = attachControl(buffer);
  const plan = planTraining(experiment, data, threads);
  const { network, map, batchSize, stepsPerEpoch } = plan;
  const kernels = wasmKernels(program, map.threads[thread].scratch);
  const { elements } = kernels;
  const draw = { seed: experiment.seed, epoch: 0, sample: (row) => row };
  const slab = planSlab(plan);
  const slabAt = (share) => map.elements + share * slab.size;
  const own = map.threads[thread];
  const { lists } = own;
  if (!lists) throw new Error('slabs: only networks that read images from lists');
  const layers = buildLayers(network, kernels, {
    map,
    own,
    values: map.values,
    gradients: map.gradients,
    samples: listsOperand(kernels, lists),
    draw,
    training: true,
  });
  if (layers.some(({ statistics }) => statistics)) throw new Error('slabs: no layers that need statistics');
  const { label, target, loss: losses, predicted } = map;
  const loss = catalogue.loss.get(experiment.loss.kind).build(
    experiment.loss,
    {
      kernels,
      z: map.values.at(-1),
      dz: map.gradients.at(-1),
      label,
      target,
      loss: losses,
      predicted,
    },
    network.task,
  );
  const optimizer = catalogue.optimizer.get(experiment.optimizer.kind).build(experiment.optimizer, kernels);

  const owners = network.nodes.flatMap((node, index) =>
    node.plan.parameters.map(({ name, role }) => ({ gradient: layers[index].gradients[name], role })),
  );
  const blocks = slab.blocks.map(({ parameter, range, at, elements: size }) => ({
    gradient: (rows, offset) => owners[parameter].gradient(range, rows, { offset: offset + at, add: false }),
    at,
    size,
    update: {
      W: piecesOf(map.parameters[parameter], range),
      slots: map.slots.map((slot) => piecesOf(slot[parameter], range)),
      decays: decays(owners[parameter].role, experiment.optimizer.decayExempt),
    },
  }));

  const { count } = data.train;
  const packed = map.packed.train;
  const state = { scale: 0, learningRate: 0, step: 0 };
  const at = { first: 0, rows: 0, set: undefined };

  /** Runs the rows of a share, and sums their gradient in the share's slab. */
  const rowsOf = (share) => {
    const first = Math.floor((at.rows * share) / threads);
    const rows = { first, count: Math.floor((at.rows * (share + 1)) / threads) - first };
    const batch = { first: 0, count: at.rows };
    loadTargets(kernels, at.set, at.first, rows, map, data.unit);
    for (let done = 0; done < rows.count; done += lists.rows) {
      const some = { first: first + done, count: Math.min(lists.rows, rows.count - done) };
      kernels.images.listRows(packed, samplesAt(at.set, at.first + some.first, some.count), lists);
      for (const layer of layers) layer.forward(some);
      loss.rows(some);
      for (let index = layers.length - 1; index >= 0; index--) {
        if (network.values[network.nodes[index].x].differentiated) layers[index].backward(some, batch);
      }
    }
    const features = { first: 0, count: network.inputs };
    const cut = Math.floor(first / longestSum);
    kernels.images.listFeatures(
      packed,
      samplesAt(at.set, at.first + first, rows.count),
      cut,
      features,
      lists,
    );
    for (const { gradient } of blocks) gradient(rows, slabAt(share));
  };
  /** Adds the slabs for one block of the parameters, averages and updates it. */
  const updateBlock = ({ at: place, size, update }) => {
    kernels.takeLines(update.W);
    const sum = { offset: slabAt(0) + place, columns: size, stride: size };
    for (let share = 1; share < threads; share++) {
      kernels.add(sum, { offset: slabAt(share) + place, columns: size, stride: size }, sum, {
        first: 0,
        count: 1,
      });
    }
    optimizer.update(update, sum.offset, state);
  };
  const tally = () => {
    for (let row = 0; row < at.rows; row++) control.sums[0] += elements[map.loss.offset + row];
  };

  return {
    phases: 2 * stepsPerEpoch,
    epoch(epoch) {
      at.set = { samples: data.train, order: orderOf(data.order, epoch, count), count };
      state.step = (epoch - 1) * stepsPerEpoch;
      state.learningRate = plan.learningRate(0);
    },
    begin(number) {
      at.first = Math.floor(number / 2) * batchSize;
      at.rows = Math.min(batchSize, count - at.first);
      state.scale = 1 / at.rows;
      return number % 2 === 0 ? threads : 1 + blocks.length;
    },
    run(number, block) {
      if (number % 2 === 0) rowsOf(block);
      else if (block === 0) tally();
      else updateBlock(blocks[block - 1]);
    },
    stepDone: (number) => Atomics.store(control.words, words.steps, Math.ceil((number + 1) / 2)),
  };
}
