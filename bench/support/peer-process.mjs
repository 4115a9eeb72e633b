// A peer is a process that answers one request after the other and sleeps in between; see peers/peer.py.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a peer. If that fails, rejects with an Error that says why. */
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
  ended.catch(() => {}); // The next answer reports it.
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

/** The line of a stack trace with the message. */
function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^Node\.js v/.test(line));
  return lines.findLast((line) => /^(\w+\.)*\w*Error\b/.test(line.trim()))?.trim() ?? lines.at(-1)?.trim();
}
