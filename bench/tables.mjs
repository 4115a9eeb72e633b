// Tables: Lockstep beside scikit-learn's MLPClassifier and MLPRegressor. `npm run build` first.
//
//   node bench/tables.mjs                  all data sets
//   node bench/tables.mjs iris diabetes    some
//   node bench/tables.mjs --json[=FILE]    also writes tables.json, or another file
//   node bench/tables.mjs --quick          one split each: shows that the bench works
//
// The data sets are those that ship with scikit-learn, and three made ones. Each is split five times into a
// training file and a test file, which both programs read. Ours is the command of a user, with the experiment
// that `train --data FILE` takes: experiments/table.yaml, regression.yaml or pictures.yaml. The peer has the
// same widths, the same batch size and at most as many epochs, Adam as scikit-learn sets it, and standardised
// columns. It trains once as it does by default, until its training loss improves no more, and once with its
// early stopping. Ours should be no worse than the better of both, or within that one's deviation; if it is
// not, the exit code is 1. Figures are means of accuracy or r2 over the splits, with the standard deviation.
//
// Seconds are those from the file to the figures of the test, inside a process that runs; `command` is the
// whole command of Lockstep, from the start of Node to the report.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readExperiment } from '../dist/src/index.js';
import { timeCommand } from './support/command.mjs';
import { machineFacts, machineLine } from './support/machine.mjs';
import { benchOptions } from './support/options.mjs';
import { startPeer } from './support/peer-process.mjs';
import { progress } from './support/progress.mjs';
import { figure, printTable } from './support/table.mjs';

const names = ['iris', 'wine', 'breast-cancer', 'digits', 'diabetes', 'linnerud'].concat([
  'two-moons',
  'words-and-gaps',
  '40-classes',
]);
const { quick, json, chosen } = benchOptions('tables.json', names);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = here('tables/peer.py');
const python = findPython();
const folder = mkdtempSync(join(tmpdir(), 'lockstep-tables-'));
const machine = machineFacts();
console.log(machineLine(machine) + (quick ? ' · quick: too few splits to trust' : ''));
try {
  const sets = writeSets().filter(({ name }) => chosen.length === 0 || chosen.includes(keyOf(name)));
  const peer = await startPeer(python, [program, 'train']);
  const results = [];
  for (const set of sets) results.push(await compare(set, peer));
  peer.leave();
  progress('');
  print(results, peer.name);
  if (json) writeFileSync(json, `${JSON.stringify({ machine, peer: peer.name, results }, null, 2)}\n`);
  if (results.some(({ worse }) => worse)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A Python with scikit-learn. PYTHON names an interpreter other than python3. */
function findPython() {
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3'];
  for (const candidate of candidates) {
    try {
      execFileSync(candidate, ['-c', 'import sklearn'], { stdio: 'ignore' });
      return candidate;
    } catch {
      // Not this one.
    }
  }
  console.error('bench: no Python 3 with scikit-learn was found. Debian: apt-get install python3-sklearn');
  process.exit(1);
}

/** The data sets, as files in the folder. */
function writeSets() {
  const lines = execFileSync(python, [program, 'write', folder], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function keyOf(name) {
  return name.replaceAll(' ', '-');
}

async function compare({ name, kind, targets, gaps, rows, columns, splits }, peer) {
  const file = here(`../experiments/${kind}.yaml`);
  const { experiment } = readExperiment(readFileSync(file, 'utf8'), { file, name: kind });
  const dense = experiment.model.filter(({ kind }) => kind === 'dense');
  const hidden = dense.slice(0, -1).map(({ units }) => units);
  const { epochs, batchSize, earlyStopping } = experiment;
  const all = { ours: [], command: [], plain: [], stopping: [] };
  for (const [index, { train, test }] of splits.slice(0, quick ? 1 : undefined).entries()) {
    progress(`${name}: split ${index + 1} of ${splits.length}`);
    const target = `data.target=${targets.length === 1 ? targets[0] : `[${targets.join(', ')}]`}`;
    const settings = [target, `data.test=${test}`, ...(gaps ? ['data.missing=mean'] : [])];
    const sets = settings.flatMap((setting) => ['--set', setting]);
    const { end, seconds } = await timeCommand(here('../dist/src/cli/main.js'), [
      ...[file, '--data', train, ...sets],
    ]);
    all.ours.push({ score: end.test.accuracy ?? end.test.r2, seconds: end.seconds });
    all.command.push({ seconds });
    const task = kind === 'regression' ? 'values' : 'classes';
    const patience = earlyStopping?.patience;
    const answer = await peer.ask({ train, test, targets, task, hidden, epochs, batchSize, patience });
    all.plain.push(answer.plain);
    all.stopping.push(answer.stopping);
  }
  const [ours, command, plain, stopping] = Object.values(all).map(summary);
  const best = Number.isNaN(stopping.mean) || plain.mean >= stopping.mean ? plain : stopping;
  const worse = ours.mean < best.mean - best.deviation;
  const figure = kind === 'regression' ? 'r2' : 'accuracy';
  return { name, rows, columns, figure, network: hidden.join('-'), ours, command, plain, stopping, worse };
}

/** Mean and deviation of the scores, and mean seconds. NaN if a training failed. */
function summary(runs) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const scores = runs.map(({ score = Number.NaN }) => score);
  const middle = mean(scores);
  const squares = scores.map((score) => (score - middle) ** 2).reduce((sum, square) => sum + square, 0);
  const deviation = scores.length > 1 ? Math.sqrt(squares / (scores.length - 1)) : 0;
  const seconds = mean(runs.map(({ seconds = Number.NaN }) => seconds));
  return { mean: middle, deviation, seconds, failed: runs.find(({ failed }) => failed)?.failed };
}

function print(results, peerName) {
  const score = ({ mean, deviation }) =>
    Number.isNaN(mean) ? 'fails' : `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
  const heads = [
    'data set',
    'rows x columns',
    'network',
    'figure',
    'Lockstep',
    peerName,
    'its early stopping',
  ];
  const seconds = ['s', 'command s', 'peer s', 'stopping s'];
  printTable(
    [...heads, ...seconds, ''],
    results.map(({ name, rows, columns, network, figure: what, ours, command, plain, stopping, worse }) => [
      ...[name, `${rows} x ${columns}`, network, what, score(ours), score(plain), score(stopping)],
      ...[ours, command, plain, stopping].map(({ seconds }) => figure(seconds)),
      worse ? 'WORSE' : ours.mean >= Math.max(plain.mean, stopping.mean || -Infinity) ? 'best' : 'within',
    ]),
  );
  for (const { name, stopping } of results) {
    if (stopping.failed) console.log(`${name}: early stopping of the peer fails: ${stopping.failed}`);
  }
}
