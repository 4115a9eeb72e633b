// Checks the Kubernetes files of docs/schedulers: each document against the schema of its kind, and what must
// agree in a file. Then every field is spoilt in turn, and each spoilt document must be refused.
//
//   npm run test:kubernetes
//
// It installs kubernetes-models into scripts/kubernetes/node_modules, without scripts. No cluster is needed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { disagreements } from './kubernetes/agreement.mjs';
import { mustRun, root } from './outside.mjs';

const tools = join(root, 'scripts/kubernetes');
if (!existsSync(join(tools, 'node_modules/.package-lock.json'))) {
  console.log('installing kubernetes-models into scripts/kubernetes/node_modules, without scripts');
  mustRun('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: tools,
    env: process.env,
  });
}
const { wrongIn, spoilt } = await import('./kubernetes/schemas.mjs');

const folder = join(root, 'docs/schedulers');
let passed = 0;
let failed = 0;
const judge = (what, wrong) => {
  if (wrong.length === 0) passed++;
  else failed++;
  console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'}  ${what}`);
  for (const line of wrong) console.log(`        ${line}`);
};

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  const parsed = parseAllDocuments(readFileSync(join(folder, file), 'utf8'));
  judge(
    `${file}: YAML`,
    parsed.flatMap(({ errors, warnings }) => [...errors, ...warnings].map(({ message }) => message)),
  );
  const documents = parsed.map((document) => document.toJS());
  for (const document of documents) {
    const what = `${file}: ${document.kind} ${document.metadata?.name}`;
    judge(what, wrongIn(document));
    const missed = [];
    let count = 0;
    for (const { path, document: other } of spoilt(document)) {
      count++;
      if (wrongIn(other).length === 0) missed.push(`accepted with ${path} spoilt`);
    }
    judge(`${what}, ${count} times spoilt and refused`, missed);
  }
  judge(`${file}: names, labels, volumes and counts agree`, disagreements(documents));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
