// Two ranks that send each other bytes, both at once: rank 0 prints `bytes` a second in each direction, and
// `wait`, the seconds of an exchange of nothing. Started by measure.mjs with mpirun.
import { openMpi } from '../../dist/src/platform/mpi/library.js';
import { beginMpi } from '../../dist/src/platform/mpi/messages.js';
import { median } from '../support/statistics.mjs';

const messages = beginMpi(openMpi(undefined, 'Open MPI'));
const other = 1 - messages.rank;

function secondsOf(bytes, rounds) {
  const [sent, got] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes)];
  const times = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    messages.get(got, other, 1);
    messages.send(sent, other, 1);
    while (!messages.isDone());
    return (performance.now() - begun) / 1000;
  });
  return median(times.slice(rounds / 4));
}

const wait = secondsOf(4, 2000);
const large = 8e6;
const bytes = large / (secondsOf(large, 40) - wait);
if (messages.rank === 0) console.log(JSON.stringify({ bytes, wait }));
messages.finish();
