import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { pixelArt } from '#lockstep/cli/pixel-art.js';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFiles } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const trainedToy = preparedFolder(async (cwd) => {
  await toyFolder(undefined, cwd);
  await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
});

/** A folder with a run on the toy data, and the first test images as PNG files. */
async function trained(files: number): Promise<{ cwd: string; names: string[] }> {
  const cwd = await trainedToy();
  const { 't10k-images-idx3-ubyte': images } = toyFiles();
  const names = Array.from({ length: files }, (_, i) => `${i}.png`);
  for (const [i, name] of names.entries()) {
    const data = images!.subarray(16 + 64 * i, 16 + 64 * (i + 1));
    await writeFile(join(cwd, name), encode({ width: 8, height: 8, channels: 1, data }));
  }
  return { cwd, names };
}

test('in a pipe a line for each file, with --json an object; the likeliest class comes first', async () => {
  const { cwd, names } = await trained(8);
  const json = await runTrain(['predict', 'run', ...names, '--json'], { cwd });
  expect([json.code, json.stderr]).toEqual([0, '8 pictures: taken unchanged\n']);
  const objects = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(objects.map(({ file }) => file)).toEqual(names);
  for (const { class: c, classes } of objects) {
    const likely = classes.map(({ probability }: { probability: number }) => probability);
    expect(classes[0].class).toBe(c);
    expect(likely).toHaveLength(4);
    expect(likely).toEqual([...likely].sort((a, b) => b - a));
    expect(Math.abs(likely.reduce((a: number, b: number) => a + b) - 1)).toBeLessThan(1e-12);
  }
  // The network has learnt nearly all of the toy data, so the pictures must have reached it unchanged.
  const labels = [...toyFiles()['t10k-labels-idx1-ubyte']!.subarray(8, 16)];
  const right = objects.filter((object, i) => object.class === labels[i]).length;
  expect(right).toBeGreaterThanOrEqual(7);

  const { code, stdout } = await runTrain(['predict', 'run', ...names], { cwd });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(8);
  for (const [i, line] of lines.entries()) {
    expect(line).toMatch(/^\d\.png( {3}\d +[\d.]+ %){3}$/);
    expect(line.split(/ +/).slice(0, 2)).toEqual([names[i], String(objects[i].class)]);
  }
});

test('bad files are told, a line each, and do not keep the others back; the exit code is 3', async () => {
  const { cwd } = await trained(2);
  const blank = new Uint8Array(400).fill(255);
  await writeFile(join(cwd, 'blank.png'), encode({ width: 20, height: 20, channels: 1, data: blank }));
  await writeFile(join(cwd, 'text.png'), 'no picture');
  const files = ['0.png', 'nowhere.png', 'blank.png', 'text.png', '1.png'];
  const { code, stdout, stderr } = await runTrain(['predict', 'run', ...files], { cwd });
  expect(code).toBe(3);
  expect(stderr.trimEnd().split('\n')).toEqual([
    'train: nowhere.png: expected a PNG or JPEG image, got no such file',
    'train: blank.png: expected something that stands out from its background, got an image of one colour; ' +
      'no training picture is blank; with --as-is it is predicted all the same',
    'train: text.png: expected a PNG or JPEG image, got something else',
    '2 pictures: taken unchanged',
  ]);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual(['0.png', '1.png']);
});

test('what is no picture, for a network of pictures; --as-is of rows; a path with spaces', async () => {
  const { cwd } = await trained(1);
  await writeFile(join(cwd, 'README.md'), '# A title\n');
  const text = await runTrain(['predict', 'run', 'README.md'], { cwd });
  expect([text.code, text.stdout]).toEqual([3, '']);
  expect(text.stderr).toMatch(
    /^train: README\.md.*; it is no picture: the network reads PNG, JPEG or rows of 64 pixels\n$/,
  );
  const row = [1, ...Array.from({ length: 64 }, (_, i) => i)].join();
  await writeFile(join(cwd, 'my rows.csv'), `${row}\n${row}\n`);
  const rows = await runTrain(['predict', 'run', 'my rows.csv'], { cwd });
  expect(rows.stderr).toContain("`train evaluate run --data 'my rows.csv'` says");
  const asIs = await runTrain(['predict', 'run', 'my rows.csv', '--as-is'], { cwd });
  expect([asIs.code, asIs.stderr]).toEqual([2, 'train: --as-is: expected pictures, got rows: my rows.csv\n']);
});

test('a folder stands for the pictures in it', async () => {
  const { cwd } = await trained(2);
  await mkdir(join(cwd, 'some'));
  await mkdir(join(cwd, 'some', 'one'));
  const lines = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
  for (const folder of ['some', join('some', 'one')]) {
    const { code, stdout, stderr } = await runTrain(['predict', 'run', folder], { cwd });
    const got = folder === 'some' ? 'a folder without any' : 'an empty folder';
    const told = `expected pictures: files that end in .png or .jpg, got ${got}`;
    expect(stderr).toBe(`train: ${folder}: ${told}\n`);
    expect(code).toBe(3);
    expect(stdout).toBe('');
  }
  for (const name of ['0.png', '1.png']) await copyFile(join(cwd, name), join(cwd, 'some', 'one', name));
  const inner = join('some', 'one');
  const whole = await runTrain(['predict', 'run', inner, '0.png'], { cwd });
  expect(whole.code).toBe(0);
  expect(lines(whole.stdout)).toEqual([join(inner, '0.png'), join(inner, '1.png'), '0.png']);
  const above = await runTrain(['predict', 'run', 'some'], { cwd });
  expect(above.stderr).toContain(`got a folder without any; there are some in ${inner}`);
});

test('without files, or without a run', async () => {
  const cwd = await toyFolder();
  const none = await runTrain(['predict', 'run'], { cwd });
  expect(none.code).toBe(2);
  expect(none.stderr.trimEnd().split('\n')).toHaveLength(1);
  const { code, stderr } = await runTrain(['predict', 'data', 'x.png'], { cwd });
  expect(code).toBe(4);
  expect(stderr).toContain('data: expected the folder of a run, got a folder of something else');
});

test('a picture in a terminal: two pixels a character, empty lines left out', () => {
  const pixels = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0, 255, 255, 0, 255, 0, 0, 90);
  const shape = { height: 5, width: 4 };
  expect(pixelArt(pixels, shape, true)).toEqual(['▀▄█ ', '▀   ']);
  expect(pixelArt(pixels, shape, false)).toEqual(['==@ ', '=  .']);
});
