// Many processes try at one moment for a folder whose lock is stale: exactly one must get it.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const contender = fileURLToPath(new URL('contender.mjs', import.meta.url));

/**
 * Runs the rounds, and prints one line. Every second lock is that of a process whose number now is another's.
 *
 * @returns {Promise<{ rounds: number, wrong: string[] }>} what went wrong, a line each
 */
export async function locks({ rounds = 100, processes = 8, print = console.log } = {}) {
  const around = mkdtempSync(join(tmpdir(), 'lockstep-locks-'));
  const children = Array.from({ length: processes }, () => fork(contender));
  const wrong = [];
  try {
    const gone = await startedAndEnded();
    await Promise.all(children.map(answer));
    for (let round = 0; round < rounds; round++) {
      const folder = join(around, String(round));
      mkdirSync(folder);
      writeFileSync(join(folder, 'lock'), round % 2 === 0 ? `${gone} ${hostname()}` : reused());
      const answers = children.map(answer);
      const at = Date.now() + 10;
      for (const child of children) child.send({ folder, at });
      const said = await Promise.all(answers);
      const holders = said.filter(({ kind }) => kind === 'holds').length;
      const refused = said.filter(({ code }) => code === 2).length;
      if (holders !== 1 || refused !== processes - 1) {
        wrong.push(`round ${round}: ${holders} holders: ${said.map(({ message }) => message).join('; ')}`);
      }
      const released = children.map(answer);
      for (const child of children) child.send({});
      await Promise.all(released);
      const left = readdirSync(folder);
      if (left.length > 0) wrong.push(`round ${round}: ${left.join(', ')} stayed behind`);
    }
  } finally {
    for (const child of children) child.kill();
    rmSync(around, { recursive: true, force: true });
  }
  print(`locks: ${rounds} rounds of ${processes} processes on a stale lock, ${wrong.length} went wrong`);
  for (const line of wrong) print(`  ${line}`);
  return { rounds, wrong };
}

/** The next message of a process. */
function answer(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a contender ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

/** The number of a process that has ended. */
function startedAndEnded() {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url));
    child.once('exit', () => resolve(child.pid));
  });
}

/** The lock of a process that had the number of this one before. */
function reused() {
  const birth = 'an-earlier-boot//1';
  return `${JSON.stringify({ what: 'a sweep', host: hostname(), process: process.pid, birth })}\n`;
}
