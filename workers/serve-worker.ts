/** The thread of `train serve`: reads rows, takes them through the network, writes answers. */
import { parentPort, workerData } from 'node:worker_threads';
import { batchAnswerer } from '../src/serve/batch.ts';
import type { Job } from '../src/serve/given-rows.ts';
import type { ServedNetwork } from '../src/serve/served-network.ts';

const answer = batchAnswerer(workerData as ServedNetwork);
parentPort!.on('message', async (jobs: readonly Job[]) => parentPort!.postMessage(await answer(jobs)));
parentPort!.postMessage('ready');
