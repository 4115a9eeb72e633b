// Clients that ask as they should, and compare each answer with what the library predicts: every bit.
import { Agent } from 'node:http';
import { encode } from 'fast-png';
import { openDataset } from '../../dist/src/index.js';
import { openRun } from '../../dist/src/run/open-run.js';
import { post } from './ask.mjs';

/** Pictures of MNIST as bodies of every form, each with the probabilities that the library has. */
export async function goodBodies(folder, count = 200) {
  const run = await openRun(folder);
  const { test } = await openDataset('mnist');
  const size = run.inputs;
  const pictures = Array.from({ length: count }, (_, i) => test.features.slice(i * size, (i + 1) * size));
  const wanted = pictures.map((picture) => [...run.probabilities(Uint8Array.from(picture))]);
  const header = Array.from(pictures[0], (_, i) => `pixel${i}`).join(',');
  const one = (type, body, i) => ({ type, body, wanted: [wanted[i]] });
  return pictures.flatMap((picture, i) => {
    const some = [i, (i + 7) % count, (i + 31) % count];
    const rows = some.map((at) => [...pictures[at]]);
    return [
      one('application/json', JSON.stringify({ rows: [[...picture]] }), i),
      one('image/png', encode({ width: 28, height: 28, channels: 1, data: picture }), i),
      { type: 'application/json', body: JSON.stringify(rows), wanted: some.map((at) => wanted[at]) },
      { type: 'text/csv', body: `${header}\n${rows.join('\n')}\n`, wanted: some.map((at) => wanted[at]) },
    ];
  });
}

/** Whether an answer holds exactly these probabilities. */
export function isRight({ status, text }, wanted) {
  if (status !== 200) return false;
  const got = JSON.parse(text).predictions.map(({ probabilities }) => Object.values(probabilities));
  return JSON.stringify(got) === JSON.stringify(wanted);
}

/** A client that keeps its connection. */
export function goodClient({ url }, bodies) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let next = Math.floor(Math.random() * bodies.length);
  return {
    async ask() {
      const { type, body, wanted } = bodies[next++ % bodies.length];
      const answer = await post(url, type, body, { agent });
      return { status: answer.status, right: isRight(answer, wanted), answer };
    },
    end: () => agent.destroy(),
  };
}
