// Runs the examples of docs/library.md on other versions of Node.js, which come from npm.
//
//   npm run test:library             builds first; Node 20, 22, 24 and 26
//   node scripts/library.mjs 24      one version
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { prepareExamples, readExamples } from './library/examples.mjs';
import { takeNode } from './outside.mjs';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24', '26'];
const place = { folder: mkdtempSync(join(tmpdir(), 'lockstep-library-')), env: process.env };
const examples = await readExamples();
const folder = await prepareExamples(examples);
let failed = 0;
for (const version of versions) {
  const { env, version: exact } = takeNode(version, place);
  const node = join(env.PATH.split(delimiter)[0], process.platform === 'win32' ? 'node.exe' : 'node');
  const bad = [];
  for (const { title, run } of examples) {
    await run(node).then(
      ({ stderr }) => stderr && bad.push(`${title}: ${stderr}`),
      (error) => bad.push(`${title}: ${error.message}`),
    );
  }
  console.log(`${exact}: ${examples.length - bad.length} of ${examples.length} examples run`);
  for (const text of bad) console.log(`  ${text}`);
  failed += bad.length;
}
for (const path of [folder, place.folder]) rmSync(path, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
