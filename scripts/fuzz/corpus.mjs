// Writes test/fuzz/corpus/: inputs that once ended in a trace, in silence, or after minutes, each in the
// folder of its target.
//
//   node scripts/fuzz/corpus.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const corpus = new URL('../../test/fuzz/corpus/', import.meta.url);

function put(target, name, bytes) {
  const folder = new URL(`${target}/`, corpus);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(name, folder), bytes);
}

const piece = (type, data) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};
function png(width, height, form, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt16BE(form, 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    piece('IHDR', header),
    piece('IDAT', pixels),
    piece('IEND', Buffer.alloc(0)),
  ]);
}
put('png', 'one-line.png', png(33_587_454, 1, 0x0800, deflateSync(Buffer.alloc(2))));
put('png', 'honest.png', png(3100, 3100, 0x0800, deflateSync(Buffer.alloc(3100 * 3101), { level: 9 })));
put('png', 'sixteen-bits.png', png(3000, 3000, 0x1006, deflateSync(Buffer.alloc(9))));

const safetensors = (header) => {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(16)]);
};
for (const [name, header] of [
  ['null', 'null'],
  ['null-metadata', '{"__metadata__":null}'],
  ['negative', '{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[-4000000000000,0]}}'],
  ['fraction', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0.5,8.5]}}'],
  ['deep', '['.repeat(20_000)],
]) {
  put('safetensors', `${name}.safetensors`, safetensors(header));
}

const head = 'data: { source: x.csv }\nbatchSize: 4\nepochs: 1\noptimizer: sgd\n';
for (const [name, text] of [
  ['alias', 'description: *bold* text\n'],
  ['merge', '<<: 5\n'],
  ['prototype', '__proto__: { toString: 5 }\n'],
  ['layers', `model: [${'{},'.repeat(3000)}]\n`],
  ['keys', Array.from({ length: 3000 }, (_, i) => `k${i}: 1\n`).join('')],
  [
    'laughs',
    `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\n${'c: &c [*b,*b,*b,*b]\nb: &b [*c,*c,*c,*c]\n'.repeat(9)}`,
  ],
]) {
  put('experiment', `${name}.yaml`, head + text);
}

put('summary', 'null.json', 'null');
put('old-summary', 'types.json', '{"experiment":5,"test":[],"seconds":"x"}');
put(
  'trials',
  'history.jsonl',
  '{"id":"0123456789abcdef","history":[0],"weightsSha256":5,"run":"../victim"}\n',
);
put('parts', 'many.json', '{"kind":"seed","count":9007199254740991}\n');
put('run-tables', 'torn.csv', 'epoch,learning_rate,train_loss,val_loss\n1,0.1,0.5,0.4\n2,0.1,0.2');

const signature = {
  features: { kind: 'floats', shape: [1], columns: [{ kind: 'number', name: 'a', form: { decimal: 5 } }] },
  targets: { kind: 'classes', count: 2 },
  preparation: { kind: 'columns', columns: [{ kind: 'number', name: 'a', shift: 0, scale: 1 }] },
  unit: { mean: [0], deviation: [1] },
};
put('metadata', 'form.json', JSON.stringify(signature));
