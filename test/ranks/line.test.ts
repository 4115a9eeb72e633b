// Texts of ranks in one process reach all of them.
import { expect, test } from 'vitest';
import { startHub } from '#lockstep/ranks/in-process.js';
import { gatherTexts, leaveLine } from '#lockstep/ranks/line.js';

test('every rank gets the texts of all, in order', async () => {
  const hub = startHub(3);
  const texts = await Promise.all(hub.lines.map((line, rank) => gatherTexts(line, `rank ${rank}: ä`)));
  expect(texts).toEqual(Array(3).fill(['rank 0: ä', 'rank 1: ä', 'rank 2: ä']));
  await Promise.all(hub.lines.map(leaveLine));
  await hub.served;
});

test('ranks that ask for different things are told so', async () => {
  const hub = startHub(2);
  const told = Promise.allSettled([gatherTexts(hub.lines[0]!, 'here'), leaveLine(hub.lines[1]!)]);
  await expect(hub.served).rejects.toThrow('ranks ask for different things: gather, leave');
  expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
