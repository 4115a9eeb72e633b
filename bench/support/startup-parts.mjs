// Runs in its own process, and measures what a training program waits for before the first step. Prints one
// JSON object with the seconds of each part. The only argument is the time at which the process was asked
// for, in milliseconds since 1970.
//
// The parts follow each other, so their sum is the start-up time. The session has started when every worker
// has planned the network and done its share of the first step.
const asked = Number(process.argv[2]);
const parts = {};
let last = asked;
const part = (name) => {
  const now = performance.timeOrigin + performance.now();
  parts[name] = (now - last) / 1000;
  last = now;
};
part('Node starts');

const { openDataset, readExperiment, threads, train } = await import('../../dist/src/index.js');
const { availableCores } = await import('../../dist/src/platform/cores.js');
part('modules');
const { createWasm } = await import('../../dist/src/kernels/backends/wasm/program.js');
const text = `
data: { validation: 0 }
model: [{ kind: dense, units: 128 }, relu, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: 64
steps: 1`;
const { experiment } = readExperiment(text, { file: 'startup', name: 'startup' });
part('experiment read and checked');
const dataset = await openDataset('mnist');
part('MNIST loaded');
createWasm(1024);
part('kernels compiled');
const executor = threads(availableCores());
for await (const event of train(experiment, { dataset, executor, test: false })) {
  if (event.kind === 'epoch') part('threads started, first step done');
  if (event.kind === 'end') part('threads ended');
}
console.log(JSON.stringify(parts));
