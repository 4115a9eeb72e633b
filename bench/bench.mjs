// What Lockstep takes its time for, on this machine. `npm run bench` builds first.
//
//   npm run bench                            all sections
//   npm run bench -- kernels epochs          some of them
//   npm run bench -- --json                  also writes bench.json; --json=FILE another file
//   npm run bench -- --compare old.json      also prints each line against that of an older report
//   npm run bench -- --quick                 few repetitions: to see that it works, not what it takes
//
// docs/performance.md says what the sections measure and how to read them.
import { writeFileSync } from 'node:fs';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { epochs } from './sections/epochs.mjs';
import { kernels } from './sections/kernels.mjs';
import { reproducibility } from './sections/reproducibility.mjs';
import { roofline } from './sections/roofline.mjs';
import { scaling } from './sections/scaling.mjs';
import { startup } from './sections/startup.mjs';
import { printSteps, steps } from './sections/steps.mjs';
import { coreToCoreLine } from './support/core-to-core.mjs';
import { loadNow, machineFacts, machineLine } from './support/machine.mjs';
import { benchOptions } from './support/options.mjs';
import { format, printComparison, printLines, readReport } from './support/report.mjs';

const sections = {
  kernels: ['one thread, each kernel alone', kernels],
  roofline: ["the dense products' tile in assembly, its instructions in several orders", roofline],
  steps: ['one step taken apart, means over an epoch', steps, printSteps],
  epochs: ['whole epochs of 60,000 images (b: batch size, t: threads)', epochs],
  scaling: ['more threads, too many threads, and a busy machine', scaling],
  startup: ['from nothing to the first step, and to the end', startup],
  reproducibility: ['one owner for every number, against a slab of gradients a thread', reproducibility],
};

const { quick, json, compare, chosen } = benchOptions('bench.json', Object.keys(sections));
const old = compare && readReport(compare);
const machine = machineFacts();
console.log(machineLine(machine) + (quick ? ' · quick: too few repetitions to trust' : ''));
console.log(await coreToCoreLine());
const dataset = await openDataset('mnist');
const lines = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(sections)) {
  const [title, run, print = printLines] = sections[name];
  const measured = await run({ dataset, quick });
  if (measured.length > 0) print(`${name}: ${title}`, measured);
  lines.push(...measured);
}
const report = { format, machine: { ...machine, loadAfter: loadNow() }, quick, lines };
console.log(`\nload now ${report.machine.loadAfter}; ${await coreToCoreLine()}`);
if (old) printComparison(old, report);
if (json) {
  writeFileSync(json, `${JSON.stringify(report, undefined, 1)}\n`);
  console.log(`written to ${json}`);
}
