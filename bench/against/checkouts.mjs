// The two sides of a comparison: this checkout, and another one that is built.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commitOf } from '../support/machine.mjs';
import { WrongOption } from '../support/options.mjs';
import { startPeer } from '../support/peer-process.mjs';

const here = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const trainer = fileURLToPath(new URL('trainer.mjs', import.meta.url));

/** Both sides: { name, folder, commit, command }. Throws a WrongOption if the other is not built. */
export function openCheckouts(folder) {
  return { old: openCheckout('old', resolve(folder)), new: openCheckout('new', here) };
}

function openCheckout(name, folder) {
  for (const file of ['dist/src/index.js', 'dist/src/cli/main.js']) {
    if (existsSync(join(folder, file))) continue;
    throw new WrongOption(
      `--against ${folder}: expected a built checkout, got no ${file}; run \`npm ci\` there`,
    );
  }
  return { name, folder, commit: commitOf(folder), command: join(folder, 'dist/src/cli/main.js') };
}

/** A checkout as a line for people. */
export function checkoutLine({ name, folder, commit }) {
  return `${name}: ${commit ? `commit ${commit}` : 'no commit'} in ${folder}`;
}

/** Starts a process that trains with this checkout; see trainer.mjs. */
export async function startTrainer({ name, folder }) {
  const peer = await startPeer(process.execPath, [trainer, folder]).catch((error) => fail(name, error));
  return { ...peer, ask: (request) => peer.ask(request).catch((error) => fail(name, error)) };
}

function fail(name, error) {
  throw new Error(`${name}: ${error.message}`);
}
