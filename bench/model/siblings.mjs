// What a waiting thread takes from one that works on the same physical core, and which cores those are: a
// virtual machine may not tell. On Linux, with `taskset`; it needs no build.
//
//   node bench/model/siblings.mjs        core 0 beside each other core that this process may use
//
// For each pair of cores: how fast a thread works on one of them, of its speed alone, while a thread on the
// other works too, or waits in one of several ways.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const file = fileURLToPath(import.meta.url);
const turns = 50_000;
const bursts = 60;

/**
 * Independent chains of multiplications and additions, as many as keep the arithmetic unit of a core busy.
 */
function work() {
  let [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8];
  const [m, s] = [0.9999, 1e-3];
  for (let turn = 0; turn < turns; turn++) {
    a = a * m + s;
    b = b * m + s;
    c = c * m + s;
    d = d * m + s;
    e = e * m + s;
    f = f * m + s;
    g = g * m + s;
    h = h * m + s;
  }
  return a + b + c + d + e + f + g + h;
}

/** What the other thread does while word 0 is its number. Each returns after some microseconds. */
const pause = Atomics.pause;
const ways = {
  asleep: (words, mode) => Atomics.wait(words, 0, mode),
  'looks at a word': (words, mode) => {
    for (let turn = 0; turn < 20_000 && Atomics.load(words, 0) === mode; turn++);
  },
  ...(pause && {
    'looks and pauses': (words, mode) => {
      for (let turn = 0; turn < 2000 && Atomics.load(words, 0) === mode; turn++) pause();
    },
  }),
  'adds to a word of its own': (words, mode) => {
    for (let turn = 0; turn < 4000 && Atomics.load(words, 0) === mode; turn++) Atomics.add(words, 64, 1);
  },
  'looks and takes roots': (words, mode) => {
    let x = 2;
    for (let turn = 0; turn < 2000 && Atomics.load(words, 0) === mode; turn++) {
      x = Math.sqrt(Math.sqrt(Math.sqrt(x + 1) + 1) + 1);
    }
    return x;
  },
  works: () => work(),
};
const names = Object.keys(ways);

/**
 * The rate of work on one core of the two that this process may use, in each way, of that beside a sleeper.
 */
async function measurePair() {
  const words = new Int32Array(new SharedArrayBuffer(1024));
  const worker = new Worker(file, { workerData: { words } });
  await once(worker, 'message');
  const best = names.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 4; round++) {
    for (const mode of names.keys()) {
      Atomics.store(words, 0, mode);
      Atomics.notify(words, 0);
      for (let burst = 0; burst < bursts; burst++) {
        const begun = performance.now();
        work();
        best[mode] = Math.min(best[mode], performance.now() - begun);
      }
    }
  }
  await worker.terminate();
  return Object.fromEntries(names.map((name, mode) => [name, best[0] / best[mode]]));
}

/** The cores that this process may use. */
function allowedCores() {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

if (!isMainThread) {
  const { words } = workerData;
  parentPort.postMessage('ready');
  for (;;) {
    const mode = Atomics.load(words, 0);
    ways[names[mode]](words, mode);
  }
} else if (process.argv[2] === 'pair') {
  console.log(JSON.stringify(await measurePair()));
} else {
  const [first, ...others] = allowedCores();
  console.log(`Node ${process.version}; speed of a thread on core ${first}, while one on the other core ...`);
  console.log(['core', ...names].join('  '));
  for (const other of others) {
    const args = ['-c', `${first},${other}`, process.execPath, file, 'pair'];
    const { stdout, stderr, status } = spawnSync('taskset', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr || 'taskset is missing');
    const cells = Object.entries(JSON.parse(stdout)).map(([name, rate]) =>
      rate.toFixed(2).padStart(name.length),
    );
    console.log([String(other).padStart(4), ...cells].join('  '));
  }
}
