// The time to the first step, and to the end of two epochs: the commands of two checkouts, in turn, each in
// its own process. The files are in the system's cache, because the first pair does not count.
import { fileURLToPath } from 'node:url';
import { timeCommand } from '../support/command.mjs';
import { progress } from '../support/progress.mjs';
import { inTurns, pairLine } from './pairs.mjs';

const experiment = fileURLToPath(new URL('../../experiments/mnist.yaml', import.meta.url));
const cases = [
  { name: 'to the end of the first step', settings: ['steps=1', 'data.validation=0'], until: 'firstEpoch' },
  { name: 'two epochs of mnist, to the end', settings: ['epochs=2'], until: 'seconds' },
];

export async function startupAgainst(checkouts, digests, { pairs }) {
  const measured = cases.map(() => []);
  for (let round = -1; round < pairs; round++) {
    for (const [i, { name, settings, until }] of cases.entries()) {
      progress(`startup: pair ${round + 1} of ${pairs}, ${name}`);
      const pair = {};
      for (const { name: side, command } of inTurns(checkouts, round + 1)) {
        const args = [experiment, ...settings.flatMap((setting) => ['--set', setting])];
        const times = await timeCommand(command, args);
        pair[side] = times[until];
        digests.add(`train, ${name}`, side, times.end.weightsSha256);
      }
      if (round >= 0) measured[i].push(pair);
    }
  }
  progress('');
  return cases.map(({ name }, i) => pairLine('startup against', name, measured[i]));
}
