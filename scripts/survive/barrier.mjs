// A part of `npm run test:survive`: the model of the barrier (barrier-model.mjs) in every order of three
// threads, and in random orders of more. Takes some minutes and up to 2 GB.
import { fileURLToPath } from 'node:url';
import { barrierFaults } from './barrier-faults.mjs';
import { barrierModel } from './barrier-model.mjs';
import { exploreAll, exploreRandomly } from './explore.mjs';

const round = { phaseNumbers: 2 };
const noSpin = { manySpins: 0, fewSpins: 0 };

/** Models that are explored to the end. `mustEnd`: threads may look up, so they could go round for ever. */
const small = {
  '3 threads, 2 blocks a phase, 3 phases': { threads: 3, lengths: [2], steps: [3] },
  '3 threads, phases of 3, 1 and 2 blocks': { threads: 3, lengths: [3, 1, 2], steps: [1], constants: noSpin },
  '3 threads, phase numbers come round': { threads: 3, lengths: [1], steps: [3], constants: round },
  '3 threads, two commands': { threads: 3, lengths: [2], steps: [1, 1] },
  '3 threads, two of them active, a stop': {
    threads: 3,
    active: 2,
    lengths: [2],
    steps: [1, 1],
    stopped: true,
  },
  '3 threads, a stop': { threads: 3, lengths: [1], steps: [2], stopped: true },
  '3 threads, one is lost': {
    ...{ threads: 3, lengths: [1], steps: [1], lossy: true, patient: true, mustEnd: true },
  },
  '2 threads, one is lost, a stop, two commands, phase numbers come round': {
    ...{ threads: 2, lengths: [2], steps: [3, 1], lossy: true, stopped: true, patient: true, mustEnd: true },
    constants: round,
  },
};

const large = {
  '5 threads, stops': { threads: 5, lengths: [3, 1, 6, 2], steps: [3, 2, 1], stopped: true },
  '8 threads, losses': { threads: 8, lengths: [8, 3], steps: [2, 2], lossy: true, patient: true },
  '16 threads, 12 of them active': { threads: 16, active: 12, lengths: [15, 1, 4], steps: [2, 1] },
};

/**
 * Explores all of them, and prints a line for each.
 *
 * @param options.runs random ways of each large model
 * @param options.most states at most of each small one
 * @returns how many have failed
 */
export function barrier({ runs = 2000, most = 8e6, seed = 1, print = console.log } = {}) {
  let failed = 0;
  const report = (name, { wrong, schedule }, figures) => {
    print(`  ${wrong === undefined ? 'holds' : 'WRONG'}  ${name}: ${figures}`);
    if (wrong === undefined) return;
    failed++;
    print(`         ${wrong}`);
    for (const line of schedule) print(`           ${line}`);
  };
  for (const [name, { mustEnd, ...model }] of Object.entries(small)) {
    const found = exploreAll(barrierModel(model), { most, mustEnd });
    const extent = found.complete ? 'all' : 'the nearest';
    report(name, found, `${extent} ${found.states.toLocaleString('en')} states`);
  }
  const random = generator(seed);
  for (const [name, model] of Object.entries(large)) {
    const constants = { phaseNumbers: 3 };
    const found = exploreRandomly(barrierModel({ ...model, constants }), random, runs);
    report(name, found, `${found.runs} random runs, ${found.steps.toLocaleString('en')} steps`);
  }
  const faults = Object.entries(barrierFaults);
  const missed = faults.filter(([, fault]) => !isCaught(fault)).map(([name]) => name);
  print(`  ${faults.length - missed.length} of ${faults.length} deliberate faults of barrier.ts are found`);
  for (const name of missed) print(`  MISSED ${name}`);
  return failed + missed.length;
}

/** Whether the model finds this fault. */
export function isCaught({ change, model, wrong, mustEnd }) {
  const found = exploreAll(barrierModel({ ...model, change }), { mustEnd });
  return found.wrong !== undefined && wrong.test(found.wrong);
}

/** Mulberry32: random numbers from 0 to below 1. */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

// node scripts/survive/barrier.mjs
if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = barrier() === 0 ? 0 : 1;
