// Tests the promises of sweeps at full size.
//
//   npm run test:sweeps          builds first; takes some minutes
//   node scripts/sweeps.mjs same     the same trials, digests and winner at --parallel 1, 2, 4 with 1 and 2
//                                    threads, and after 20 kills at random moments; for hyperband, for bayes,
//                                    for a grid
//   node scripts/sweeps.mjs memory   600 short trials in one process: memory, threads and open files
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { datasetDigest, openDataset, openTrials, readSweep, runSweep } from '../dist/src/index.js';
import { smallExperiment, smallSpace } from './small-sweep.mjs';
import { linesIn, outcomeOf } from './sweep-outcome.mjs';

const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-sweeps-'));
let failed = 0;

const experiment = smallExperiment({ training: 3000, units: 32, batchSize: 50, epochs: 4 });

const sweeps = {
  'random with hyperband': `sweep:
  method: random
  run_cap: 20
  batch: 8
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }${smallSpace}`,
  'bayes, two seeds each': `sweep:
  method: bayes
  run_cap: 16
  seeds: 2
  batch: 4
  metric: { name: val_loss, goal: minimize }${smallSpace}`,
  grid: `sweep:
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.01, 0.03, 0.1, 0.3, 1.0e+30] }
    batchSize: { values: [25, 50, 100] }
`,
};

/** Runs `train sweep`, and kills it after this many milliseconds. */
function train(args, killAfter) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'sweep', ...args, '--quiet'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

const outcome = (out) => outcomeOf(join(folder, out));

function check(name, same) {
  if (!same) failed++;
  console.log(`  ${same ? 'same     ' : 'DIFFERENT'} ${name}`);
}

async function same() {
  for (const [name, block] of Object.entries(sweeps)) {
    console.log(name);
    const file = `${name.replace(/\W+/g, '-')}.yaml`;
    writeFileSync(join(folder, file), experiment + block);
    let first;
    let took = 0;
    for (const parallel of [1, 2, 4]) {
      for (const threads of [1, 2]) {
        const out = `${file}-${parallel}-${threads}`;
        const begun = performance.now();
        await train([file, '--out', out, '--parallel', String(parallel), '--threads', String(threads)]);
        const now = outcome(out);
        first ??= now;
        took = performance.now() - begun;
        const seconds = (took / 1000).toFixed(1);
        check(`--parallel ${parallel} --threads ${threads}  ${seconds} s`, isDeepStrictEqual(now, first));
      }
    }
    // Kills at random moments, some of them after the end. If a sweep has ended, it is begun again.
    const out = `${file}-killed`;
    let resumed = 0;
    let ends = 0;
    for (let kills = 0; kills < 20; ) {
      const way = ['--parallel', String(1 + (kills % 4)), '--threads', String(1 + (kills % 2))];
      const code = await train([file, '--out', out, ...way], took * (0.2 + Math.random()));
      if (code === null) {
        kills++;
        if (linesIn(join(folder, out)) > 0) resumed++;
        continue;
      }
      ends++;
      if (!isDeepStrictEqual(outcome(out), first)) check('after kills', false);
      rmSync(join(folder, out), { recursive: true });
    }
    await train([file, '--out', out]);
    check(
      `killed 20 times, ${resumed} times with trials done, ${ends + 1} ends`,
      isDeepStrictEqual(outcome(out), first),
    );
    const digests = new Set(first.trials.map((line) => JSON.parse(line).weightsSha256));
    console.log(
      `  ${first.trials.length} trainings, ${digests.size} digests; ` +
        `best ${first.ranking.split('\n')[1].slice(0, 80)}`,
    );
  }
}

/** Threads, open files and resident memory of this process. */
function resources() {
  const count = (name) => readdirSync(`/proc/self/${name}`).length;
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  const size = Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1048576;
  return { threads: count('task'), files: count('fd'), rss, size };
}

async function memory() {
  if (process.platform !== 'linux') {
    console.log('memory: only where there is /proc');
    return;
  }
  const text = `${experiment.replace('epochs: 4', 'epochs: 1')}sweep:
  method: random
  run_cap: 600${smallSpace}`;
  const file = readSweep(text, { file: 'sweep.yaml', name: 'sweep', open: () => undefined });
  const dataset = await openDataset('mnist');
  const before = resources();
  const out = join(folder, 'memory');
  mkdirSync(out);
  const trials = await openTrials(join(out, 'trials.jsonl'));
  const options = {
    dataset,
    dataSha256: datasetDigest(dataset),
    folder: out,
    trials,
    threads: 2,
    parallel: 2,
  };
  let done = 0;
  const seen = [];
  for await (const event of runSweep(file, options)) {
    if (event.kind !== 'trial') continue;
    done++;
    if (done % 50 === 0) {
      const { threads, files, rss, size } = resources();
      seen.push(rss);
      console.log(
        `  ${String(done).padStart(4)} trials  ` +
          `${rss.toFixed(0)} MB resident, ${size.toFixed(1)} GB addressed, ` +
          `${threads} threads, ${files} files`,
      );
    }
  }
  await trials.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = resources();
  // The threads' heaps grow to their final size during the first three hundred trials.
  const growth = seen.at(-1) - seen[7];
  console.log(
    `  from 400 to 600 trials ${growth.toFixed(0)} MB; ` +
      `before ${before.threads} threads, ${before.files} files; ` +
      `after ${after.threads}, ${after.files}`,
  );
  const tidy = after.threads <= before.threads && after.files <= before.files;
  const left = readdirSync(out).filter((name) => name !== 'trials' && name !== 'trials.jsonl');
  check('threads and files are those of before, none left in the folder', tidy && left.length === 0);
  check('memory is flat (less than 30 MB in 200 trials)', growth < 30);
}

const parts = { same, memory };
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
  console.log(name);
  await parts[name]();
}
rmSync(folder, { recursive: true, force: true });
console.log(failed === 0 ? 'all the same' : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
