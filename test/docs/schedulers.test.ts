// The files of docs/schedulers and the page about them: what can be known of them without a cluster.
// `npm run test:slurm` and `npm run test:kubernetes` do the rest.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { disagreements } from '../../scripts/kubernetes/agreement.mjs';
import { runTrain } from '../support/run-cli.ts';

const folder = resolve(import.meta.dirname, '../../docs/schedulers');
const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const page = readFileSync(resolve(folder, '../clusters.md'), 'utf8');

test('docs/clusters.md says what each is for', () => {
  expect(files.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
});

test.skipIf(process.platform === 'win32')('bash can read those for Slurm', () => {
  const scripts = files.filter((file) => file.endsWith('.sh'));
  expect(scripts.length).toBeGreaterThan(3);
  for (const file of scripts) execFileSync('bash', ['-n', join(folder, file)], { stdio: 'pipe' });
});

test('the parts of those for Kubernetes fit each other', () => {
  for (const file of files.filter((name) => name.endsWith('.yaml'))) {
    const documents = parseAllDocuments(textOf(file)).map((document) => document.toJS());
    expect(disagreements(documents), file).toEqual([]);
  }
});

test('Lockstep knows the options that they use, and the page', async () => {
  const commands = ['', 'sweep', 'sweep work', 'sweep merge', 'resume', 'explain'];
  const helps = commands.map((command) => runTrain([...command.split(' ').filter(Boolean), '--help']));
  const known = (await Promise.all(helps)).map(({ stdout }) => stdout).join('');
  const text = [...files.map(textOf), page].join('\n').replaceAll(/\\\n/g, ' ');
  const calls = text.match(/(bin\/train"?|\[train,|\$train"?|npx train) .*/g) ?? [];
  expect(calls.length).toBeGreaterThan(15);
  const own = calls.flatMap((call) => call.match(/--[a-z-]+/g) ?? []);
  expect(new Set(own).size).toBeGreaterThan(3);
  for (const option of new Set(own)) expect(known, option).toContain(`${option} `);
});
