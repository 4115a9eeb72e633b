// A step on n threads, put together from its parts. docs/many-cores.md explains them.
import { columnReaders } from '../../dist/src/engine/gather.js';
import { wideLayer } from '../../dist/src/engine/wide.js';
import { shareOf } from './emulate.mjs';

/** Bytes of a cache line, and float32 numbers in it. */
const line = 64;
const lineNumbers = line / 4;

/**
 * When the last block of a phase is done, if threads begin together: each does its own share and then takes
 * from the others', as barrier.ts has it.
 *
 * @param blocks the seconds of each
 */
export function makespan(blocks, threads) {
  const shares = Array.from({ length: threads }, (_, thread) => shareOf(blocks.length, threads, thread));
  const next = shares.map(({ first }) => first);
  const clocks = new Array(threads).fill(0);
  for (let left = blocks.length; left > 0; left--) {
    const thread = clocks.indexOf(Math.min(...clocks));
    let share = thread;
    while (next[share] === shares[share].end) share = (share + 1) % threads;
    clocks[thread] += blocks[next[share]++];
  }
  return Math.max(...clocks);
}

/**
 * Cache lines that a thread reads in a step and that other threads have written since it read them last, by
 * phase. Of n threads, n - 1 have written what all of them have.
 */
export function linesMoved({ network, map, batchSize }, threads) {
  const others = (threads - 1) / threads;
  const lines = { columns: 0, rows: 0, statistics: 0, parameters: 0 };
  const move = (phase, numbers) => {
    lines[phase] += (others * numbers) / lineNumbers;
  };
  const byColumns = map.packed ? columnReaders(network, map).map(({ node }) => node) : [];
  for (const [index, { role, plan, parameters, frozen, x, y }] of network.nodes.entries()) {
    if (role !== 'layer') continue;
    const [before, after] = [network.values[x].columns, network.values[y].columns];
    const ownColumns = byColumns.includes(index);
    const wide = !ownColumns && wideLayer(network, map, index) !== undefined;
    // Forward and backward read all weights, which others have updated, except one's own columns.
    for (const p of parameters) {
      if (ownColumns || frozen) continue;
      move(wide ? 'columns' : 'rows', network.parameters[p].count / (wide ? threads : 1));
    }
    // By parts of the columns: all rows of x forward, and of dy backward.
    if (wide) move('columns', batchSize * (before + after));
    // Rows of what was computed by columns or by features.
    if (ownColumns) move('rows', (batchSize * after) / threads);
    if (plan.statistics) {
      move('statistics', (2 * batchSize * before) / threads);
      move('rows', (2 * batchSize * before) / threads);
    }
    // The gradient: some columns of x and all of dy, or of the layers by columns all of x and some of dy.
    if (parameters.length === 0 || frozen) continue;
    move('parameters', (batchSize * (ownColumns ? after : before)) / threads);
    if (!ownColumns) move('parameters', batchSize * after);
  }
  return lines;
}

/** How many times as long as alone a thread takes, if some of them share a physical core. */
export function sharedCores(threads, { physical, sibling }) {
  const pairs = Math.max(0, threads - physical);
  return threads / (threads - 2 * pairs + 2 * pairs * sibling);
}

/**
 * Seconds of an epoch on n threads, part by part; `all` is their sum.
 *
 * @param one `emulate()` of one thread
 * @param many `emulate()` of n threads
 * @param machine physical: cores that share nothing; sibling: speed of a thread whose core another one uses,
 *   of its speed alone; meeting: seconds of a phase without work, by threads; line: seconds to fetch a line
 *   that another core has written, when many are asked for; away: the share of its time that a core is lost;
 *   one: seconds of an epoch on one thread there, if it is another machine than the blocks were timed on
 */
export function predict(one, many, threads, machine) {
  const { stepsPerEpoch } = many.plan;
  const here = sum(one.phases.flatMap(({ blocks }) => blocks));
  const slower = machine.one === undefined ? 1 : machine.one / stepsPerEpoch / here;
  const total = ({ phases }) => slower * sum(phases.flatMap(({ blocks }) => blocks));
  const work = total(one) / threads;
  const gathered = Math.max(0, (many.activities.gather ?? 0) - (one.activities.gather ?? 0));
  const lists = (slower * gathered) / threads;
  const spans = slower * sum(many.phases.map(({ blocks }) => makespan(blocks, threads)));
  const uneven = spans - total(many) / threads;
  const smaller = spans - uneven - work - lists;
  const meetings = many.phases.length * machine.meeting(threads);
  const lines = sum(Object.values(linesMoved(many.plan, threads))) * machine.line;
  const shared = (sharedCores(threads, machine) - 1) * (spans + lines);
  const calm = spans + meetings + lines + shared;
  const away = threads === 1 ? 0 : calm * threads * machine.away;
  const parts = { work, lists, smaller, uneven, meetings, lines, shared, away };
  const epoch = Object.entries(parts).map(([name, seconds]) => [name, seconds * stepsPerEpoch]);
  return { ...Object.fromEntries(epoch), all: (calm + away) * stepsPerEpoch };
}

const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);
