import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { copyRun, removeRun } from '#lockstep/run/files-of-run.js';
import { insideFolder } from '#lockstep/run/inside-folder.js';
import { temporaryFolder } from '../support/data-files.ts';

/** A folder with these files. */
async function folderWith(...files: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
  return folder;
}

const listed = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('a path in a folder may go over links that stay inside, and no others', async () => {
  const outside = await folderWith('theirs');
  const folder = await folderWith('real/file');
  symlinkSync('real', join(folder, 'near'));
  symlinkSync(outside, join(folder, 'far'));
  symlinkSync('nothing', join(folder, 'dangling'));
  symlinkSync(`${folder}/../`, join(folder, 'up'));
  for (const name of ['real/file', 'near/file', 'real/new', 'new/new']) {
    expect(await insideFolder(folder, name)).toBe(join(folder, name));
  }
  for (const name of ['far', 'far/theirs', 'far/new', 'up/x']) {
    await expect(insideFolder(folder, name)).rejects.toThrow(
      `${join(folder, name.split('/')[0]!)}: ` +
        `expected something in ${folder}, got a link that leads out of it`,
    );
  }
  await expect(insideFolder(folder, 'dangling')).rejects.toThrow('got a link that leads to nothing');
  for (const name of ['../x', 'real/../../x', '/x', '', 'a//b', '..\\x']) {
    await expect(insideFolder(folder, name)).rejects.toThrow(`got ${JSON.stringify(name)}`);
  }
  // A folder that is reached over a link is the user's choice.
  const link = join(await temporaryFolder(), 'link');
  symlinkSync(folder, link);
  expect(await insideFolder(link, 'near/file')).toBe(join(link, 'near/file'));
});

const run = ['config.yaml', 'metrics.csv', 'summary.json', 'checkpoints/last.safetensors'];

test('a run is removed, and what is not of it stays', async () => {
  const folder = await folderWith(...run.map((name) => `best/${name}`), 'best/summary.json.12.tmp');
  await removeRun(folder, 'best');
  expect(existsSync(join(folder, 'best'))).toBe(false);
  await removeRun(folder, 'best');

  const mixed = await folderWith(...run.map((name) => `best/${name}`), 'best/mine.txt', 'best/checkpoints/x');
  await removeRun(mixed, 'best');
  expect(listed(mixed)).toEqual(['best/checkpoints/x', 'best/mine.txt']);
});

test('what was begun is removed, and nothing that is no run', async () => {
  const begun = await folderWith('best/config.yaml.77.tmp');
  mkdirSync(join(begun, 'best/checkpoints'));
  await removeRun(begun, 'best');
  expect(existsSync(join(begun, 'best'))).toBe(false);

  for (const file of ['mine.txt', 'metrics.csv', 'checkpoints/mine', 'checkpoints/last.safetensors']) {
    const folder = await folderWith(`best/${file}`);
    await expect(removeRun(folder, 'best')).rejects.toThrow(
      `${join(folder, 'best')}: expected nothing, or a run, which is trained again, ` +
        `got a folder without config.yaml that holds ${file}; move it away`,
    );
    expect(listed(folder)).toEqual([`best/${file}`]);
  }
});

test('a link is not followed when runs are removed or copied', async () => {
  const outside = await folderWith(...run);
  const folder = await temporaryFolder();
  symlinkSync(outside, join(folder, 'best'));
  await expect(removeRun(folder, 'best')).rejects.toThrow('a link that leads out of it');
  const target = await temporaryFolder();
  await expect(copyRun(folder, target, 'best')).rejects.toThrow('a link that leads out of it');
  symlinkSync(outside, join(target, 'trials'));
  const source = await folderWith(...run.map((name) => `trials/a/${name}`));
  await expect(copyRun(source, target, 'trials/a')).rejects.toThrow('a link that leads out of it');
  // Within a run, a link goes with the run.
  const linked = await folderWith('best/config.yaml');
  symlinkSync(outside, join(linked, 'best/checkpoints'));
  symlinkSync(join(outside, 'metrics.csv'), join(linked, 'best/metrics.csv'));
  await removeRun(linked, 'best');
  expect(existsSync(join(linked, 'best'))).toBe(false);
  expect(listed(outside)).toEqual([...run].sort());
});

test('of a run, its files are copied, and nothing else', async () => {
  const source = await folderWith(...run.map((name) => `trials/a/${name}`), 'trials/a/mine.txt');
  symlinkSync('/etc/hostname', join(source, 'trials/a/timing.csv'));
  const target = await temporaryFolder();
  await copyRun(source, target, 'trials/a');
  expect(listed(target)).toEqual(run.map((name) => `trials/a/${name}`).sort());
  await expect(copyRun(source, target, 'trials/b')).rejects.toThrow('expected the folder of a training');
});
