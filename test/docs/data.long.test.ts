// Every command of docs/data.md works, on small files under the names that the page uses.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { goldenTasks } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { writeArrays, writePictures } from '../support/own-data.ts';
import { runTrain } from '../support/run-cli.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/data.md'), 'utf8');

/** The commands in blocks of code, and those of the first table. */
const commands = [
  ...[...page.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split('\n')),
  ...[...page.matchAll(/\| `(npx train --data [^`]*)` \|/g)].map(([, command]) => command!),
];

function argumentsOf(command: string): string[] {
  const [npx, train, ...words] = command.match(/'[^']*'|\S+/g)!;
  expect([npx, train]).toEqual(['npx', 'train']);
  return words.map((word) => word.replace(/^'(.*)'$/, '$1'));
}

const lines = (header: string, count: number, row: (i: number) => readonly (string | number)[]) =>
  `${[header, ...Array.from({ length: count }, (_, i) => row(i).join(','))].join('\n')}\n`;

/** A folder with the files of the page. */
async function folderWithFiles(): Promise<string> {
  const cwd = await temporaryFolder();
  const flower = (i: number) => [1 + ((i * 7) % 10) / 4, 3 + (i % 3) + ((i * 3) % 5) / 10];
  const species = (i: number) => ['setosa', 'versicolor', 'virginica'][i % 3]!;
  const iris = (count: number) =>
    lines('sepal,petal,species', count, (i) => [...flower(i + count), species(i + count)]);
  const files: Record<string, string> = {
    'iris.csv': iris(60),
    'more.csv': iris(12),
    'new.csv': lines('petal,sepal', 6, (i) => flower(i).reverse()),
    'houses.csv': lines('area,town,price,days', 60, (i) => [
      40 + ((i * 37) % 90),
      ['Ulm', 'Bonn'][i % 2]!,
      3000 * (40 + ((i * 37) % 90)) + 900 * (i % 2),
      10 + ((i * 11) % 70),
    ]),
    'patients.csv': lines('heat,age,fever,cough', 60, (i) => [
      36 + ((i * 7) % 50) / 10,
      (i * 13) % 80,
      (i * 7) % 50 > 20 ? 1 : 0,
      (i * 13) % 80 > 50 ? 1 : 0,
    ]),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const colours = goldenTasks.colour.dataset({ train: 60, test: 12 });
  await writePictures(join(cwd, 'flowers'), colours);
  await writeArrays(cwd, 'digits', colours);
  return cwd;
}

test('every command of the page works', async () => {
  const cwd = await folderWithFiles();
  expect(commands.length).toBeGreaterThan(15);
  for (const command of commands) {
    // MNIST's relatives are not in the repository; test/data/idx-families.test.ts opens them.
    if (command.includes('fashion-mnist')) continue;
    const { code, stderr } = await runTrain(argumentsOf(command), { cwd });
    expect(code, `${command}\n${stderr}`).toBe(0);
  }
  expect(readFileSync(join(cwd, 'predictions.csv'), 'utf8')).toMatch(/^id,species\n(?:\d,\w+\n){6}$/);
}, 300_000);
