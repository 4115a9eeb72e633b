// A peer: a process of its own that answers one request after the other, see peers/peer.py, and sleeps in
// between.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a peer. Rejects with an Error that says why there is none. */
export async function startPeer(command, args, env = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = new Promise((_, reject) => {
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(lastLine(complaint) || `it ended with exit code ${code}`)));
  });
  ended.catch(() => {}); // Heard by the next answer.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await Promise.race([lines.next(), ended])).value ?? (await ended));
  const { name } = await answer();
  return {
    name,
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    leave: () => child.stdin.end(),
  };
}

/** What a person reads of a stack trace: the line with the message. */
function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^Node\.js v/.test(line));
  return lines.findLast((line) => /^(\w+\.)*\w*Error\b/.test(line.trim()))?.trim() ?? lines.at(-1)?.trim();
}
