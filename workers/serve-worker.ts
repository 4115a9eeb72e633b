/** The thread of `train serve`: reads rows, takes them through the network, writes answers. */
import { parentPort, workerData } from 'node:worker_threads';
import '../src/experiment/register-given.ts';
import { batchAnswerer } from '../src/serve/batch.ts';
import type { Job } from '../src/serve/given-rows.ts';
import type { ServedNetwork } from '../src/serve/served-network.ts';

const { served } = workerData as { served: ServedNetwork };
const answer = batchAnswerer(served);
parentPort!.on('message', async (jobs: readonly Job[]) => parentPort!.postMessage(await answer(jobs)));
parentPort!.postMessage('ready');
