// A command with `--live`, and what its page is told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressIn, type Told } from './live.ts';
import { startTrain } from './run-cli.ts';

export const part = (name: string, text: string) => (told: Told) =>
  told.event === 'part' && told.data.name === name && told.data.html.includes(text);
export const isEnd = ({ event }: Told) => event === 'end';
export const summaryIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));

/** Starts it; it has begun when this resolves. */
export async function startLive(args: readonly string[], cwd: string) {
  const running = startTrain([...args, '--live'], { cwd });
  await running.complains('/#token=');
  return { ...running, ...addressIn(running.stderr()) };
}
