import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { idx, temporaryFolder, writeFiles } from '../support/data-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** Images of 8 x 8 are enlarged to 88 x 88, 8 pixels apart. Labels take 8 + 35 + 8 on the left, 23 above. */
const scale = 11;
const [left, top, pitch] = [51, 23, 96];

/** The pixels of each image of the sheet, row by row. */
async function sheet(augmentation: string, ...more: string[]) {
  const cwd = await toyFolder(`${toyExperiment}augmentation: ${augmentation}\n`);
  const { code, stdout, stderr } = await runTrain(['augment', 'toy.yaml', '--out', 'x.png', ...more], {
    cwd,
  });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toBe('x.png\n');
  expect(readdirSync(cwd).sort()).toEqual(['data', 'toy.yaml', 'x.png']);
  const { width, height, channels, data } = decode(readFileSync(join(cwd, 'x.png')));
  expect(channels).toBe(1);
  const image = (row: number, column: number) =>
    Array.from({ length: 64 }, (_, i) => {
      const [x, y] = [left + column * pitch + (i % 8) * scale, top + row * pitch + Math.floor(i / 8) * scale];
      return data[(y + scale - 1) * width + x + scale - 1]!;
    });
  return { width, height, image, inkAbove: data.subarray(0, width * 16).some((value) => value === 0) };
}

test('a row an image, a column an epoch, all of them labelled', async () => {
  const { width, height, inkAbove } = await sheet('[elastic]', '--images', '3', '--versions', '4');
  expect([width, height]).toEqual([left + 5 * pitch, top + 3 * pitch]);
  expect(inkAbove).toBe(true);
});

test('the images are of the classes in turn, each beside what the augmentation makes of it', async () => {
  const { image } = await sheet('[{ kind: flip, probability: 1 }]', '--images', '5', '--versions', '2');
  for (let row = 0; row < 5; row++) {
    const original = image(row, 0);
    // Each class of the toy data lights its own stripes.
    expect(original.slice((row % 4) * 8, (row % 4) * 8 + 8).every((value) => value > 0)).toBe(true);
    const mirrored = original.map((_, i) => original[i - (i % 8) + 7 - (i % 8)]);
    expect(image(row, 1)).toEqual(mirrored);
    expect(image(row, 2)).toEqual(mirrored);
  }
  expect(image(4, 0)).not.toEqual(image(0, 0));
});

test('epochs differ', async () => {
  const { image } = await sheet('[{ kind: elastic, alpha: 20 }]', '--images', '1');
  const seen = Array.from({ length: 9 }, (_, column) => image(0, column).join());
  expect(new Set(seen).size).toBe(9);
});

test('an experiment without augmentation is told so, and a sheet that cannot be written', async () => {
  const cwd = await toyFolder();
  const plain = await runTrain(['augment', 'toy.yaml', '--out', 'x.png'], { cwd });
  expect(plain.code).toBe(2);
  expect(plain.stderr).toContain('augmentation: expected at least one augmentation to draw, got none');
  const nowhere = await runTrain(
    ['augment', 'toy.yaml', '--set', 'augmentation=[shift]', '--out', join('no', 'x.png')],
    { cwd },
  );
  expect(nowhere.code).toBe(1);
  expect(nowhere.stderr).toMatch(/^train: --out no.x\.png: cannot be written: .*\n$/);
});

test('a training says how its images are distorted', async () => {
  const cwd = await toyFolder(`${toyExperiment}augmentation: [shift, { kind: affine, rotation: 3 }]\n`);
  const augmented = async (...more: string[]) => {
    const { code, stderr } = await runTrain(['toy.yaml', '--threads', '1', ...more], { cwd });
    expect(code).toBe(0);
    return /^ {2}augmented +(.*)$/m.exec(stderr)![1];
  };
  const text = 'shift (pixels 2), then affine (rotation 3, scale 0.15)';
  expect(await augmented('--epochs', '1')).toBe(text);
  const last = ['--set', 'noAugmentationEpochs=2', '--epochs'];
  expect(await augmented(...last, '3')).toBe(`${text} · not in the last 2 epochs`);
  expect(await augmented(...last, '1')).toBe('not at all: not in the last 2 epochs');
});

test('a sheet shows images as they are in the epochs that do not distort them', async () => {
  const last = ['--epochs', '3', '--set', 'noAugmentationEpochs=2'];
  const { image } = await sheet('[affine]', '--versions', '3', ...last);
  const [original, ...seen] = [0, 1, 2, 3].map((column) => image(0, column));
  expect(seen[0]).not.toEqual(original);
  expect(seen.slice(1)).toEqual([original, original]);
});

test('colour pictures are drawn in colours', async () => {
  const cwd = await temporaryFolder();
  const experiment = 'augmentation: [{ kind: flip, probability: 1 }]';
  await writeFile(
    join(cwd, 'toy.yaml'),
    `${toyExperiment.replace('source: data', 'source: .')}${experiment}`,
  );
  // Six pictures of 8 x 8: red where the column is 0, green in the others, blue by the picture.
  const pixels = (count: number) =>
    Array.from({ length: count * 64 }, (_, i) => [
      i % 8 === 0 ? 200 : 0,
      i % 8 === 0 ? 0 : 100,
      10 * Math.floor(i / 64),
    ]).flat();
  const labels = idx(
    0x801,
    [200],
    Array.from({ length: 200 }, (_, i) => i % 2),
  );
  const images = idx(0x804, [200, 8, 8, 3], pixels(200));
  await writeFiles(cwd, {
    'train-images-idx3-ubyte': images,
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': images,
    't10k-labels-idx1-ubyte': labels,
  });
  const { stderr } = await runTrain(
    ['augment', 'toy.yaml', '--out', 'x.png', '--images', '1', '--versions', '1'],
    { cwd },
  );
  expect(stderr).toBe('');
  const { width, channels, data } = decode(readFileSync(join(cwd, 'x.png')));
  expect(channels).toBe(3);
  const pixel = (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  const [y, last] = [top + 5, 7 * scale + 5];
  const blue = pixel(left + 5, y)[2];
  expect(pixel(left + 5, y)).toEqual([200, 0, blue]);
  expect(pixel(left + last, y)).toEqual([0, 100, blue]);
  expect(pixel(left + pitch + 5, y)).toEqual([0, 100, blue]);
  expect(pixel(left + pitch + last, y)).toEqual([200, 0, blue]);
});
