// A process that trains with one checkout. It reads commands from stdin, one JSON object a line:
//
//   { begin: { text, file, overrides, threads } }   starts a training
//   { epoch: true }                                 trains one epoch more; answers { seconds }
//   { end: true }                                   ends it there; answers { weightsSha256 }
//
// Between two commands the threads sleep. The process uses only the public library of the checkout,
// `dist/src/index.js`, because other files move.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder] = process.argv.slice(2);
const { openDataset, readExperiment, threads, train } = await import(
  pathToFileURL(join(folder, 'dist/src/index.js')).href
);
const dataset = await openDataset('mnist');
const stop = new AbortController();
let events;

function begin({ text, file, overrides, threads: count }) {
  const { experiment } = readExperiment(text, { file, name: file, overrides });
  const executor = threads(count);
  // The option's name was `crew` before it was `executor`.
  events = train(experiment, { dataset, executor, crew: executor, signal: stop.signal, test: false });
  return {};
}

async function next(kind) {
  for (;;) {
    const { value: event, done } = await events.next();
    if (done) throw new Error(`the training is over; expected an event "${kind}"`);
    if (event.kind === kind) return event;
  }
}

async function carryOut(command) {
  if (command.begin) return begin(command.begin);
  if (command.epoch) return { seconds: (await next('epoch')).seconds };
  stop.abort();
  const { weightsSha256 } = await next('end');
  return { weightsSha256 };
}

const answer = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);
answer({ name: folder });
for await (const line of createInterface({ input: process.stdin })) answer(await carryOut(JSON.parse(line)));
process.exit();
