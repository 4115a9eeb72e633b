// Exports trained networks in all formats and opens them with other programs: ONNX in onnxruntime over the
// whole test set, .npz and safetensors in NumPy, the ES module in Node. Prints a table of the differences.
//
//   npm run test:export [-- --only regression]
//
// onnxruntime-web is installed into scripts/export/node_modules, without scripts. NumPy is that of python3,
// or of the interpreter that PYTHON names.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openDataOf } from '../dist/src/cli/open-data.js';
import { openRun } from '../dist/src/run/open-run.js';
import { cases } from './export/cases.mjs';
import { mustRun, outside, root } from './outside.mjs';

const { values: given } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const tools = fileURLToPath(new URL('export', import.meta.url));
const { folder, env } = outside('export');
const program = join(root, 'dist/src/cli/main.js');
const train = (...args) => mustRun(process.execPath, [program, ...args], { cwd: folder, env });

/** The most that probabilities, or values in units of their deviation, may differ by. */
const tolerance = 1e-5;
/** Samples that the ES module predicts. */
const some = 1000;

let failed = false;
const must = (is) => {
  failed ||= !is;
  return is ? '' : '  FAILED';
};

const runtime = await openRuntime();
const python = findPython();
if (!python) console.log('no python3 with NumPy: .npz and safetensors are not opened');

for (const [i, one] of cases.filter(({ name }) => name.includes(given.only)).entries()) {
  const run = `run-${i}`;
  trainCase(one, run);
  for (const [format, file] of Object.entries({ onnx: 'onnx', safetensors: 'st', npz: 'npz', js: 'mjs' })) {
    train('export', run, '--format', format, '--out', `${run}.${file}`);
  }
  const trained = await openRun(join(folder, run));
  const dataset = await openDataOf(trained.experiment);
  console.log(`\n${one.name}: ${dataset.test.count} test samples, ${trained.parameters} parameters`);
  await compareOnnx(trained, dataset, run);
  await compareModule(trained, dataset, run);
  if (python) compareArrays(run);
}
process.exitCode = failed ? 1 : 0;

function trainCase({ experiment, write }, run) {
  const source = write?.(folder) ?? 'mnist';
  const settings = {
    seed: 1,
    optimizer: { kind: 'adam' },
    batchSize: 64,
    ...experiment,
    data: { ...(source === 'mnist' ? {} : { source, validation: 0.1 }), ...experiment.data },
  };
  writeFileSync(join(folder, `${run}.yaml`), JSON.stringify(settings));
  train(`${run}.yaml`, '--out', run, '--quiet');
}

/** The whole test set, some rows at a time. */
async function compareOnnx(trained, { features, test }, run) {
  const session = await runtime.InferenceSession.create(readFileSync(join(folder, `${run}.onnx`)));
  const { targets, unit } = trained.signature;
  const width = test.features.length / test.count;
  const expected = trained.predict(test.features);
  const likely = targets.kind === 'values' ? undefined : trained.probabilities(test.features);
  const [number, label] = targets.kind === 'values' ? ['values'] : ['probabilities', 'label'];
  let largest = 0;
  let equal = 0;
  let labels = 0;
  for (let first = 0; first < test.count; first += 500) {
    const count = Math.min(500, test.count - first);
    const rows = test.features.subarray(first * width, (first + count) * width);
    const results = await session.run(feedsOf(session, features, rows, count));
    const found = results[number].data;
    const from = (first * found.length) / count;
    for (const [j, value] of found.entries()) {
      const column = j % (found.length / count);
      const error = likely
        ? Math.abs(value - likely[from + j])
        : Math.abs(value - expected[from + j]) / unit.deviation[column];
      // NaN counts, too.
      if (!(error <= largest)) largest = error;
    }
    if (!label) continue;
    const { data } = results[label];
    const per = data.length / count;
    for (const [j, value] of data.entries()) {
      const own = expected[first * per + j];
      const name = targets.kind === 'classes' ? (targets.names?.[own] ?? own) : own;
      labels += 1;
      if (String(value) === String(name)) equal += 1;
    }
  }
  const what = likely ? 'probability' : 'value, in standard deviations';
  const said = `${what}: ${largest.toExponential(1)}`;
  console.log(`  onnx         largest difference of a ${said}${must(largest <= tolerance)}`);
  if (label) console.log(`               equal labels: ${equal} of ${labels}${must(equal === labels)}`);
}

/** What goes into the graph: one array of numbers, or an array for each column. */
function feedsOf(session, features, rows, count) {
  const { Tensor } = runtime;
  const width = rows.length / count;
  const [only] = session.inputNames;
  if (
    session.inputNames.length === 1 &&
    (features.kind === 'bytes' || features.columns[0].kind === 'number')
  ) {
    return { [only]: new Tensor('float32', Float32Array.from(rows), [count, width]) };
  }
  const column = (c) => Array.from({ length: count }, (_, r) => rows[r * width + c]);
  return Object.fromEntries(
    features.columns.map(({ name, kind, words }, c) => {
      if (kind === 'number') return [name, new Tensor('float32', Float32Array.from(column(c)), [count, 1])];
      const texts = column(c).map((at) => (Number.isNaN(at) ? '' : (words[at] ?? 'never seen')));
      return [name, new Tensor('string', texts, [count, 1])];
    }),
  );
}

/** The first samples in another process, which knows the module only: every bit. */
async function compareModule(trained, { features, test }, run) {
  const count = Math.min(some, test.count);
  const width = test.features.length / test.count;
  const rows = Array.from({ length: count }, (_, r) => {
    const cells = [...test.features.subarray(r * width, (r + 1) * width)];
    if (features.kind === 'bytes') return cells;
    return cells.map((cell, c) => {
      const { kind, words } = features.columns[c];
      if (Number.isNaN(cell)) return null;
      return kind === 'number' ? cell : (words[cell] ?? 'never seen');
    });
  });
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows));
  const url = JSON.stringify(pathToFileURL(join(folder, `${run}.mjs`)).href);
  const code = `import { readFileSync } from 'node:fs'; import { predict } from ${url};
    console.log(JSON.stringify(predict(JSON.parse(readFileSync('rows.json', 'utf8')))));`;
  const found = JSON.parse(
    mustRun(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, env }),
  );
  const part = test.features.slice(0, count * width);
  const values = trained.signature.targets.kind === 'values';
  const expected = values ? trained.predict(part) : trained.probabilities(part);
  const numbers = found.flatMap((one) => (values ? one.values : one.probabilities));
  const same =
    numbers.length === expected.length && numbers.every((value, j) => Object.is(value, expected[j]));
  const bits = same ? 'the same bits' : 'other bits';
  console.log(`  js           ${count} samples, ${numbers.length} numbers: ${bits}${must(same)}`);
}

/** NumPy opens both files; the arrays have the digest of the run, and are the same in both. */
function compareArrays(run) {
  const said = execFileSync(python, [join(tools, 'read_arrays.py'), `${run}.npz`, `${run}.st`], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  console.log(`  npz, st      ${said}${must(said.endsWith('the digest of the run'))}`);
}

async function openRuntime() {
  if (!existsSync(join(tools, 'node_modules/.package-lock.json'))) {
    console.log('installing onnxruntime-web into scripts/export/node_modules, without its scripts');
    mustRun('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: tools });
  }
  const { default: found } = await import('./export/node_modules/onnxruntime-web/dist/ort.node.min.mjs').then(
    (module) => ({ default: module.default ?? module }),
  );
  found.env.wasm.numThreads = 1;
  return found;
}

function findPython() {
  const names = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3'];
  return names.find((name) => {
    try {
      execFileSync(name, ['-c', 'import numpy'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
