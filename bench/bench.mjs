// Measures Lockstep on this machine. `npm run bench` builds first. `npm run bench -- --help`
// says what it can be told; docs/performance.md says what the sections measure and how to read them.
import { writeFileSync } from 'node:fs';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { comparable, compareCheckouts } from './against/against.mjs';
import { againstOptions, checkAgainst } from './against/options.mjs';
import { checkpoints } from './sections/checkpoints.mjs';
import { epochs } from './sections/epochs.mjs';
import { kernels } from './sections/kernels.mjs';
import { reproducibility } from './sections/reproducibility.mjs';
import { roofline } from './sections/roofline.mjs';
import { printScaling, scaling } from './sections/scaling.mjs';
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
  scaling: ['more threads, too many threads, and a busy machine', scaling, printScaling],
  startup: ['from nothing to the first step, and to the end', startup],
  reproducibility: ['one owner for every number, against a slab of gradients a thread', reproducibility],
  checkpoints: ['epochs a minute with a checkpoint a minute, an epoch, and none', checkpoints],
};

/** What takes long is measured only if it is named. */
const usual = Object.keys(sections).filter((name) => name !== 'checkpoints');

const help = `npm run bench -- [SECTION...] [OPTION...]      twenty minutes for all sections
  sections: ${usual.join(', ')};
            and checkpoints, twenty minutes more, only if it is named
  --json[=FILE]     also write bench.json, or another file
  --compare FILE    also print each line against that of an older report
  --quick           few repetitions: to see that it works, not what it takes
  With epochs alone: --network PART, --batch 32,64, --threads 1,2, as below. Networks that it measures only
  if they are named, on a part of the images: lenet-5, conv-32-64, 784-2048-2048-10.

npm run bench -- [epochs] [startup] --against FOLDER      half an hour and more for both on two cores
  FOLDER is another checkout, built. Old and new take turns: what the machine does meanwhile, it does to both.
  --network PART    a network with this in its name, instead of all; again for another
  --batch 64,128    batch sizes; with --quick 64
  --threads 1,2     numbers of threads
  --pairs 7         how often each is measured; with --quick 1
  --other-bits      not an error when old and new come to other weights
  --json[=FILE], --quick`;

const options = benchOptions('bench.json', Object.keys(sections), {
  help,
  more: againstOptions,
  check: (given) => checkAgainst(given, Object.keys(comparable)),
});
const { quick, json, compare, chosen, checkouts, otherBits = false } = options;
const old = compare && readReport(compare);
const machine = machineFacts();
console.log(machineLine(machine) + (quick ? ' · quick: too few repetitions to trust' : ''));
console.log(await coreToCoreLine());
const lines = [];
let commits;
if (!checkouts) {
  const dataset = await openDataset('mnist');
  for (const name of chosen.length > 0 ? chosen : usual) {
    const [title, run, print = printLines] = sections[name];
    const measured = await run({ ...options, dataset });
    if (measured.length > 0) print(`${name}: ${title}`, measured);
    lines.push(...measured);
  }
} else {
  const comparison = await compareCheckouts(options);
  lines.push(...comparison.lines);
  commits = comparison.commits;
  if (!comparison.same && !otherBits) process.exitCode = 1;
}
const report = { format, machine: { ...machine, loadAfter: loadNow() }, quick, commits, lines };
console.log(`\nload now ${report.machine.loadAfter}; ${await coreToCoreLine()}`);
if (old) printComparison(old, report);
if (json) {
  writeFileSync(json, `${JSON.stringify(report, undefined, 1)}\n`);
  console.log(`written to ${json}`);
}
