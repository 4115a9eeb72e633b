// What is fuzzed: each parser as a function of bytes, with small sound inputs to begin from.
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';

const dist = '../../dist/src/';
const load = (path) => import(`${dist}${path}.js`);
const vectors = new URL('../../test/vectors/', import.meta.url);
const json = (name) => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
const base64 = (text) => Buffer.from(text, 'base64');
const text = (...lines) => Buffer.from(`${lines.join('\n')}\n`);

/** A folder for one thread, and a file in it. */
let folder;
async function put(name, bytes) {
  folder ??= await mkdtemp(join(tmpdir(), 'fuzz-'));
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

export async function cleanUp() {
  if (folder) await rm(folder, { recursive: true, force: true });
}

const idx = (magic, sizes, bytes) => {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.writeUInt32BE(magic);
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([head, Buffer.alloc(bytes, 7)]);
};
const images = idx(0x0803, [3, 4, 4], 48);
const labels = idx(0x0801, [3], 3);

const csv = text('label,a,b,c,d', '0,1,2,3,4', '1,255,0,17,"8"', '2,9,9,9,9');
const table = text(
  'width;kind;"long, name";y',
  '1,5;red;a;0',
  '2,25;blue;"b ""q""";1',
  '3;;c;NA',
  '-1e3;red;a;1',
);

const experiment = text(
  'name: x',
  'data: { source: tiny.csv, validation: 50 }',
  'model:',
  '  - { kind: dense, units: 8 }',
  '  - &act relu',
  '  - { kind: dense, units: classes }',
  'optimizer: { kind: sgd, learningRate: 0.05 }',
  'batchSize: 16',
  'epochs: 3',
);

const npyVectors = () => json('npy.json').arrays.map(({ file }) => base64(file));

/** A zip of one deflated file, as np.savez_compressed writes it. */
function zip(name, contents) {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const packed = deflateRawSync(contents);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(contents), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(contents.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
  const directory = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\0'),
    fields,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

const signature = {
  features: { kind: 'bytes', shape: [4, 4, 1] },
  targets: { kind: 'classes', count: 3 },
  preparation: { kind: 'pixels' },
  unit: { mean: [0], deviation: [1] },
};
const position = {
  steps: 2,
  tally: { sums: [0, 0], seen: 0 },
  history: [{ epoch: 1, step: 2, learningRate: 0.1, train: { loss: 1 } }],
};

const digests = { weightsSha256: 'a'.repeat(64), dataSha256: 'b'.repeat(64), fingerprint: 'c'.repeat(64) };
const oldSummary = {
  experiment: 'x',
  seed: 1,
  threads: 2,
  activeThreads: 2,
  epochs: 3,
  steps: 9,
  parameters: 5,
  ...digests,
  height: 4,
  width: 4,
  classes: 3,
  seconds: 1.5,
  stopped: false,
  stoppedEarly: false,
  bestEpoch: 2,
  test: { loss: 0.5, accuracy: 0.75 },
  result: 'last',
  kernels: 'wasm',
  lockstep: '0.1.0',
  node: '20',
  platform: 'x',
};

async function signedSummary() {
  const { writeSummary } = await load('run/summary');
  const file = await put('summary.json', '');
  await writeSummary(join(file, '..'), { ...oldSummary, stateSha256: 'd'.repeat(64), task: 'classes' });
  return readFileSync(file);
}

const asText = (bytes) => bytes.toString('utf8');

/** By name: the sound inputs, and the parser. `parse` may give back what must not change without a word. */
export const targets = {
  idx: {
    inputs: () => [images, labels, gzipSync(images), idx(0x0804, [2, 2, 2, 3], 24), idx(0x0c02, [3, 8], 96)],
    async parse(bytes) {
      const { readIdxTest } = await load('data/formats/idx');
      const file = await put('t10k-images-idx3-ubyte', bytes);
      await put('t10k-labels-idx1-ubyte', labels);
      await readIdxTest(join(file, '..'));
      await put('t10k-images-idx3-ubyte', images);
      await put('t10k-labels-idx1-ubyte', bytes);
      await readIdxTest(join(file, '..'));
    },
  },
  csv: {
    inputs: () => [csv, gzipSync(csv), text('0,1', '1,2')],
    async parse(bytes) {
      await (await load('data/formats/csv')).loadCsv(await put('x.csv', bytes));
    },
  },
  table: {
    inputs: () => [table, gzipSync(table), csv, text('a b c', '1 2 3', '4 5 6')],
    async parse(bytes) {
      await (await load('data/formats/table')).readTable(await put('t.csv', bytes));
    },
  },
  npz: {
    inputs: () => [
      ...npyVectors(),
      ...npyVectors()
        .slice(0, 4)
        .map((array) => zip('x.npy', array)),
    ],
    async parse(bytes) {
      const arrays = await (await load('data/formats/npz')).openArrays(await put('x.npz', bytes));
      for (const name of arrays.names) await arrays.read(name);
    },
  },
  png: {
    inputs: () =>
      ['0-mnist', '2-palette', '6-in-a-corner', '4-hairline'].map((name) =>
        readFileSync(new URL(`digits/${name}.png`, vectors)),
      ),
    // Most changes break a checksum, so some are made good again: those of the pieces.
    prepare: (bytes, draw) => (draw(4) === 0 ? bytes : withChecksums(bytes)),
    async parse(bytes) {
      (await load('data/pictures/png')).decodePng(bytes, 'x.png');
    },
  },
  jpeg: {
    inputs: () => Object.values(json('jpeg.json')).map(({ file }) => base64(file)),
    async parse(bytes) {
      await (await load('data/pictures/jpeg')).decodeJpeg(bytes, 'x.jpg');
    },
  },
  experiment: {
    inputs: () => [experiment, readFileSync(new URL('../../experiments/mnist.yaml', import.meta.url))],
    async parse(bytes) {
      (await load('experiment/read')).readExperiment(asText(bytes), { file: 'x.yaml', name: 'x' });
    },
  },
  safetensors: {
    async inputs() {
      const { safetensorsOf } = await load('run/safetensors');
      const tensors = [{ id: 'model.0.W', shape: [2, 3], values: new Float32Array(6).fill(0.5) }];
      return [Buffer.concat(safetensorsOf({ tensors, metadata: { format: '2', epochs: '1' } }))];
    },
    prepare: undefined,
    async parse(bytes) {
      return (await load('run/safetensors')).parseSafetensors('x', bytes);
    },
    /** Files of 0.1.0 have no digest, and say so by having none of our metadata. */
    exempt: ({ metadata }) => metadata.format === undefined && metadata.sha256 === undefined,
  },
  metadata: {
    inputs: () => [Buffer.from(JSON.stringify(signature)), Buffer.from(JSON.stringify(position))],
    async parse(bytes) {
      const { isSignature, isPosition } = await load('run/metadata-shape');
      let value;
      try {
        value = JSON.parse(asText(bytes));
      } catch {
        return;
      }
      if (isSignature(value)) (await load('data/split')).shapeOf(value);
      isPosition(value);
    },
  },
  summary: {
    inputs: async () => [await signedSummary()],
    async parse(bytes) {
      return (await load('run/summary')).parseSummary('x', asText(bytes));
    },
    exempt: ({ format, files, sha256 }) =>
      format === undefined && files === undefined && sha256 === undefined,
  },
  'old-summary': {
    inputs: () => [Buffer.from(JSON.stringify(oldSummary, null, 2))],
    async parse(bytes) {
      (await load('run/summary')).parseSummary('x', asText(bytes));
    },
  },
  'run-tables': {
    inputs: () => [
      text('epoch,learning_rate,train_loss,val_loss', '1,0.1,0.5,0.4', '2,0.1,0.25,'),
      text('epoch,seconds,samples_per_second', '1,0.5,1000.0'),
      text('actual,0,1,"a,b"', '0,1,2,3', '1,0,5,0', '"a,b",0,0,9'),
      text('actual,predicted,count', '0,1,2', '299,4,1'),
    ],
    async parse(bytes) {
      const { readMetrics, readTiming, readConfusion } = await load('run/run-tables');
      const { LockstepError } = await load('foundation/errors');
      let refused;
      for (const read of [readMetrics, readTiming, (f, t) => readConfusion(f, t, { classes: 300 })]) {
        try {
          read('x.csv', asText(bytes));
        } catch (error) {
          if (!(error instanceof LockstepError)) throw error;
          refused = error;
        }
      }
      if (refused) throw refused;
    },
  },
  parts: {
    inputs: () => [text('{"kind":"seed","count":3}')],
    async parse(bytes) {
      const file = await put('parts.json', bytes);
      await mkdir(join(file, '..'), { recursive: true });
      await (await load('run/parts')).readParts(join(file, '..'));
    },
  },
  trials: {
    inputs: () => [
      text('{"id":"0123456789abcdef","state":"done","history":[0.5],"run":"trials/0123456789abcdef"}'),
    ],
    async parse(bytes) {
      await (await load('sweep/trials-file')).readTrials(await put('trials.jsonl', bytes));
    },
  },
  sweep: {
    inputs: () => [
      text(
        'experiment: x.yaml',
        'sweep:',
        '  method: grid',
        '  parameters:',
        '    optimizer.learningRate: { values: [0.01, 0.05] }',
      ),
    ],
    async parse(bytes) {
      const { readSweep } = await load('sweep/read');
      readSweep(asText(bytes), {
        file: 's.yaml',
        name: 's',
        open: () => ({ text: asText(experiment), file: 'x.yaml', name: 'x' }),
        experiment: () => ({ text: asText(experiment), file: 'x.yaml', name: 'x' }),
      });
    },
  },
};

function withChecksums(bytes) {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return bytes;
}
