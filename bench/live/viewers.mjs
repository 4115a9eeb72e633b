// What two viewers of a live page cost a training: they come and go while it runs, every twenty epochs, and
// the epochs with them are held against those before and after. One process, so nothing but the viewers
// differs, and what the machine does meanwhile, it mostly does to both.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mean, median } from '../support/statistics.mjs';

const command = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
/** Epochs that warm up, of a turn, and of a turn until those who came or went are done with it. */
const [cold, turn, settling] = [40, 20, 2];

/** Reads the events of the page whose address it is told, until it is told `off`. */
const viewer = `let watching;
const watch = async (address) => {
  watching = new AbortController();
  try {
    const { body } = await fetch(address + '/events', { signal: watching.signal });
    for await (const _ of body) ;
  } catch {}
};
process.stdin.on('data', (lines) => {
  for (const line of String(lines).trim().split('\\n')) line === 'off' ? watching?.abort() : watch(line);
});`;

/**
 * Ratios of samples a second, with viewers / without, one for each time that they came: medians and means.
 */
export async function viewersByTurns({ pairs, threads }) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-viewers-'));
  const epochs = cold + turn * (2 * pairs + 1);
  const args = [command, 'mnist', '--json', '--quiet', '--live', '--epochs', String(epochs), '--out', folder];
  const child = spawn(process.execPath, [...args, '--threads', String(threads)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const viewers = [0, 1].map(() =>
    spawn(process.execPath, ['-e', viewer], { stdio: ['pipe', 'ignore', 'ignore'] }),
  );
  let address;
  createInterface({ input: child.stderr }).on('line', (line) => {
    address ??= /^live\s+(http\S+?)\/#/.exec(line)?.[1];
  });
  const turns = [];
  let rates = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { event, epoch, samplesPerSecond } = JSON.parse(line);
    if (event !== 'epoch' || epoch <= cold) return;
    rates.push(samplesPerSecond);
    if ((epoch - cold) % turn !== 0) return;
    turns.push(rates.slice(settling));
    rates = [];
    for (const { stdin } of viewers) stdin.write(`${turns.length % 2 === 1 ? address : 'off'}\n`);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  for (const one of viewers) one.kill();
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 || address === undefined) throw new Error(`exit ${code}, address ${address}`);
  const against = (of) =>
    Array.from({ length: pairs }, (_, pair) => {
      const [before, watched, after] = turns.slice(2 * pair, 2 * pair + 3).map(of);
      return (2 * watched) / (before + after);
    });
  return { medians: against(median), means: against(mean) };
}
