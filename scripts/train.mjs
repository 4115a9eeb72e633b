#!/usr/bin/env node
// What `npx train` runs in a checkout: dist/, and where there is none (somebody removed it, or stopped the
// very moment in which a new one takes its place) it is made first. An installed package starts
// dist/src/cli/main.js.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(program)) {
  const build = fileURLToPath(new URL('build.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
await import(program);
