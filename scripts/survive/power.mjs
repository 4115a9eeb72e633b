// Power failures: what a training, and one that goes on, do to files is recorded once. Then, for random
// moments, what the disk may hold afterwards (disk.mjs) is put into a folder: `train evaluate` must give the
// figures of one of the checkpoints or say why not, and `train resume` must come to the bytes of the training
// that nobody disturbed, from the newest checkpoint that had been written or a later one.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crash, difference, readLog, restore, stateOf, whole } from './disk.mjs';
import { program } from './program.mjs';

const recorder = new URL('disk-log.mjs', import.meta.url).href;
const last = 'run/checkpoints/last.safetensors';
const compared = [
  'metrics.csv',
  'confusion.csv',
  'checkpoints/last.safetensors',
  'checkpoints/best.safetensors',
];

const shared = `
data: { source: pictures.csv, validation: 30 }
batchSize: 16
seed: 3
execution: { threads: 1, checkpoint: { epochs: 1 } }
`;
export const experiments = [
  `${shared}model: [{ kind: dense, units: 5 }, batch-norm, relu, dropout, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.02, momentum: 0.9 }
earlyStopping: { metric: loss, patience: 3 }
epochs: 7
`,
  `${shared.replace('validation: 30', 'validation: 0')}model: [{ kind: dense, units: classes }]
optimizer: { kind: adam, learningRate: 0.01 }
epochs: 5
`,
];

/** Numbers from 0 to 1, the same for the same seed. */
export function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
}

export function writeInputs(cwd, experiment) {
  const next = numbers(7);
  const rows = Array.from({ length: 140 }, (_, i) =>
    [
      i % 3,
      ...Array.from({ length: 9 }, (_, p) => Math.floor((p % 3 === i % 3 ? 150 : 60) + 100 * next())),
    ].join(),
  );
  writeFileSync(join(cwd, 'pictures.csv'), `${rows.join('\n')}\n`);
  writeFileSync(join(cwd, 'e.yaml'), experiment);
}

function train(cwd, args, env = {}) {
  return new Promise((resolve) => {
    const nodeArgs = env.DISK_LOG ? ['--import', recorder] : [];
    const all = { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 1 << 26 };
    execFile(process.execPath, [...nodeArgs, program, ...args], all, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
    });
  });
}

/** Runs the program in the folder and returns the log of what it did to the run. */
export async function recordRun(cwd, args) {
  const before = runOf(stateOf(cwd));
  const log = join(tmpdir(), `lockstep-disk-${process.pid}.jsonl`);
  const { code, stderr } = await train(cwd, args, { DISK_LOG: log, DISK_ROOT: cwd });
  if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}\n${stderr}`);
  const read = readLog(readFileSync(log, 'utf8'), before);
  rmSync(log);
  const differs = difference(whole(read), runOf(stateOf(cwd)));
  if (differs !== undefined) throw new Error(`the log does not lead to ${differs} as it is`);
  return read;
}

const runOf = (state) => new Map([...state].filter(([path]) => path === 'run' || path.startsWith('run/')));

/** Epochs of a checkpoint's position, as its header says. */
export function epochsOf(bytes) {
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
  return Number(header.__metadata__.epochs);
}

/**
 * For each number of operations the epochs of the newest checkpoint that counts as written: a next one was
 * begun, or the program came to its end.
 */
export function promises(log) {
  const { operations, before } = log;
  const promised = [];
  const old = before.get(last);
  let [now, next] = [0, old ? epochsOf(old) : 0];
  for (let count = 0; count <= operations.length; count++) {
    const { op, entries } = operations[count - 1] ?? {};
    if (op === 'enter') {
      const isNext = entries[0][1] !== undefined && entries[0][0].startsWith(`${last}.`);
      if (isNext) now = next;
      if (entries.at(-1)[0] === last) next = epochsOf(crash(log, count, () => 'keep').get(last));
    }
    promised.push(count === operations.length ? next : now);
  }
  if (old)
    promised.fill(
      epochsOf(old),
      0,
      promised.findIndex((epochs) => epochs > epochsOf(old)),
    );
  return promised;
}

/** What becomes of each operation that was not flushed: mostly lost, mostly kept, or anything. */
export function chance(next) {
  const kept = [0, 0.1, 0.5, 0.5, 0.9, 1][Math.floor(next() * 6)];
  return ({ op }) => {
    if (next() < kept) return 'keep';
    return op === 'write' ? ['drop', 'prefix', 'zeros'][Math.floor(next() * 3)] : 'drop';
  };
}

/** The undisturbed run, the logs, and all figures that evaluations may give. */
async function prepare(experiment) {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-power-'));
  writeInputs(cwd, experiment);
  const logs = [await recordRun(cwd, ['e.yaml', '--out', 'run', '--quiet'])];
  const done = runOf(stateOf(cwd));
  // A training that goes on, after it was killed in the middle.
  const { operations } = logs[0];
  const half = Math.floor(operations.length / 2);
  rmSync(join(cwd, 'run'), { recursive: true });
  restore(
    cwd,
    crash(logs[0], half, () => 'keep'),
  );
  logs.push(await recordRun(cwd, ['resume', 'run', '--quiet']));
  const figures = new Set();
  const seen = new Set();
  // Which checkpoints are written depends on how fast the disk is.
  for (const log of logs) {
    for (let count = 0; count <= log.operations.length; count++) {
      const state = crash(log, count, () => 'keep');
      for (const path of [last, last.replace('last', 'best')]) {
        const bytes = state.get(path);
        if (!bytes || seen.has(bytes.toString('latin1'))) continue;
        seen.add(bytes.toString('latin1'));
        rmSync(join(cwd, 'run'), { recursive: true });
        restore(
          cwd,
          new Map([
            ['run/config.yaml', done.get('run/config.yaml')],
            [path, bytes],
          ]),
        );
        const { code, stdout, stderr } = await train(cwd, ['evaluate', 'run', '--json']);
        if (code !== 0) throw new Error(stderr);
        figures.add(stdout);
      }
    }
  }
  return { cwd, logs, done, figures };
}

/** Tries one state. Returns what is wrong. */
async function attempt({ cwd, done, figures }, { state, promised, ended }) {
  const wrong = [];
  const trial = mkdtempSync(join(tmpdir(), 'lockstep-power-'));
  for (const name of ['pictures.csv', 'e.yaml']) cpSync(join(cwd, name), join(trial, name));
  restore(trial, state);
  const evaluated = await train(trial, ['evaluate', 'run', '--json']);
  const resumed = await train(trial, ['resume', 'run']);
  for (const { stderr, stdout } of [evaluated, resumed]) {
    if (/\n {4}at |unexpected failure/.test(stderr + stdout)) wrong.push(`a stack trace: ${stderr}`);
  }
  if (evaluated.code === 0 && !figures.has(evaluated.stdout))
    wrong.push(`evaluate gives other figures: ${evaluated.stdout.slice(0, 200)} ${evaluated.stderr}`);
  if (evaluated.code !== 0 && (evaluated.code !== 4 || promised > 0))
    wrong.push(`evaluate: exit ${evaluated.code}: ${evaluated.stderr}`);
  let from = 0;
  if (resumed.code === 0) {
    const after = runOf(stateOf(trial));
    for (const path of compared) {
      if (!after.get(`run/${path}`)?.equals(done.get(`run/${path}`))) wrong.push(`other bytes: ${path}`);
    }
    const isDone = resumed.stderr.includes('came to its end already');
    const left = [...after.keys()].filter((path) => path.endsWith('.tmp') || path.includes('lock'));
    if (left.length > 0 && !isDone) wrong.push(`left over: ${left}`);
    from = isDone ? Infinity : Number(/goes on from epoch (\S+)/.exec(resumed.stderr)?.[1] ?? 0);
    if (ended && !isDone) wrong.push('the training had come to its end, and is done again');
  } else if (resumed.code !== 4 || promised > 0 || state.has('run/config.yaml')) {
    wrong.push(`resume: exit ${resumed.code}: ${resumed.stderr}`);
  }
  if (resumed.code === 0 && from < promised) wrong.push(`goes on from epoch ${from}, not ${promised}`);
  if (wrong.length === 0) rmSync(trial, { recursive: true, force: true });
  else wrong.push(`in ${trial}`);
  return { wrong, began: resumed.code === 0 };
}

/** @param {{ trials: number, from?: number, done?(trial: number): void }} options */
export async function power({ trials, from = 0, done = () => {} }) {
  let [same, nothing, wrong] = [0, 0, 0];
  const prepared = [];
  for (const experiment of experiments) prepared.push(await prepare(experiment));
  const atOnce = 2;
  const one = async (trial) => {
    const next = numbers(1000 + trial);
    const run = prepared[trial % prepared.length];
    const log = run.logs[Math.floor(trial / prepared.length) % run.logs.length];
    const all = log.operations.length;
    // Every tenth after all that the program did.
    const count = trial % 10 === 9 ? all : Math.floor(next() * (all + 1));
    const state = crash(log, count, chance(next));
    const found = await attempt(run, { state, promised: promises(log)[count], ended: count === all });
    if (found.wrong.length > 0) {
      wrong++;
      console.log(`  trial ${trial}, after ${count} of ${all} operations: ${found.wrong.join('\n    ')}`);
    } else if (found.began) same++;
    else nothing++;
  };
  for (let trial = from; trial < trials; trial += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, trials - trial) }, (_, i) => one(trial + i)));
    done(Math.min(trials, trial + atOnce));
  }
  const operations = prepared.flatMap(({ logs }) => logs.map((log) => log.operations.length)).join(', ');
  console.log(
    `power: ${trials - from} failures in logs of ${operations} operations: ` +
      `${same} went on to the same bytes, ` +
      `${nothing} before there was a run, ${wrong} wrong`,
  );
  for (const { cwd } of prepared) rmSync(cwd, { recursive: true, force: true });
  return wrong === 0;
}
