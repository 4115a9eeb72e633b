// Where an export may be written: a new file, or an earlier export of the same format.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportFormatNames } from '#lockstep/export/formats.js';
import { checkPlace, writeExport } from '#lockstep/export/write-export.js';
import { writeSafetensors } from '#lockstep/run/safetensors.js';
import { temporaryFolder } from '../support/data-files.ts';
import { drawnNetwork, numbers } from '../support/exported.ts';

const { exported } = drawnNetwork(numbers, { model: [{ kind: 'dense', units: 'classes' }] });

const fileOf = (folder: string, format: string) => join(folder, `a.${format}`);

describe.each(exportFormatNames)('%s', (format) => {
  test('a new file, and an earlier export', async () => {
    const file = fileOf(await temporaryFolder(), format);
    await checkPlace(file, format);
    const { files, losses } = await writeExport(exported, format, file);
    // A page would have samples, too, but the data of this network is nowhere.
    expect(losses).toHaveLength(format === 'html' ? 1 : 0);
    const bytes = await readFile(file);
    expect(files[0]).toEqual({ path: file, bytes: bytes.length });
    await writeFile(file, Buffer.concat([bytes, Buffer.from('tail')]));
    await checkPlace(file, format);
    await writeExport(exported, format, file);
    expect((await readFile(file)).equals(bytes)).toBe(true);
  });

  test('nothing else is written over: a text, a short file, an export of another format', async () => {
    const folder = await temporaryFolder();
    const file = fileOf(folder, format);
    const taken =
      /^--out .*: expected a new file, or an earlier export as \w+, got a file that is something else;/;
    const other = format === 'onnx' ? 'npz' : 'onnx';
    await writeExport(exported, other, join(folder, 'other'));
    for (const bytes of ['', 'x', 'x'.repeat(100), await readFile(join(folder, 'other'))]) {
      await writeFile(file, bytes);
      await expect(checkPlace(file, format)).rejects.toThrow(taken);
    }
  });

  test('no folder, or a folder', async () => {
    const folder = await temporaryFolder();
    await expect(checkPlace(join(folder, 'no', `a.${format}`), format)).rejects.toThrow(
      /expected a file in a folder that exists, .*no, got one that does not exist; make it first$/,
    );
    await mkdir(fileOf(folder, format));
    await expect(checkPlace(fileOf(folder, format), format)).rejects.toThrow(
      /expected a file, got a folder$/,
    );
    await writeFile(join(folder, 'file'), '');
    await expect(checkPlace(join(folder, 'file', `a.${format}`), format)).rejects.toThrow(
      /got one that is a file/,
    );
  });
});

test('a checkpoint is no export', async () => {
  const file = join(await temporaryFolder(), 'last.safetensors');
  await writeSafetensors(file, { tensors: [...exported.parameters], metadata: { format: '2' } });
  await expect(checkPlace(file, 'safetensors')).rejects.toThrow(/something else/);
});

test('types beside a module: their names, and that they are not written over', async () => {
  const folder = await temporaryFolder();
  for (const [name, types] of Object.entries({ 'a.js': 'a.d.ts', 'b.mjs': 'b.d.mts' })) {
    await writeExport(exported, 'js', join(folder, name));
    expect(existsSync(join(folder, types))).toBe(true);
  }
  await writeFile(join(folder, 'own.d.ts'), 'export {};\n');
  await expect(checkPlace(join(folder, 'own.js'), 'js')).rejects.toThrow(/own\.d\.ts: expected a new file/);
  await expect(checkPlace(join(folder, 'own.txt'), 'js')).rejects.toThrow(
    /expected a name that ends in \.js or \.mjs/,
  );
});

test('a module that Node would take for CommonJS is told of', async () => {
  const folder = await temporaryFolder();
  const losses = async (name: string) => (await writeExport(exported, 'js', join(folder, name))).losses;
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }');
  const [file, manifest] = ['a.js', 'package.json'].map((name) => join(folder, name));
  expect(await losses('a.js')).toEqual([
    `${file}: an ES module, and ${manifest} says "type": "commonjs"; for Node name it .mjs`,
  ]);
  expect(await losses('b.mjs')).toEqual([]);
  for (const text of ['{ "type": "module" }', '{}', 'no JSON']) {
    await writeFile(join(folder, 'package.json'), text);
    expect(await losses('a.js')).toEqual([]);
  }
});
