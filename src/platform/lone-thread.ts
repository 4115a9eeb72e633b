/** A thread that is no worker of a pool: it runs one module from beginning to end. */
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  MessageChannel,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from 'node:worker_threads';

export interface LoneThread {
  post(message: unknown): void;
  /** Calls this with what the thread posts, ... */
  onMessage(hear: (message: unknown) => void): void;
  /** ... and with what it throws. */
  onError(hear: (error: unknown) => void): void;
}

/** Starts the module in a thread. While it runs, it keeps the process alive. */
export function startLoneThread(file: URL, given: unknown): LoneThread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(file, { workerData: { given, port: port2 }, transferList: [port2] });
  port1.unref();
  return {
    post: (message) => port1.postMessage(message),
    onMessage: (hear) => void worker.on('message', hear),
    onError: (hear) => void worker.on('error', hear),
  };
}

/** In such a thread: what it was given. */
export function givenToLoneThread(): unknown {
  return (workerData as { given: unknown }).given;
}

/** In such a thread: posts to whoever started it. */
export function postBack(message: unknown): void {
  parentPort!.postMessage(message);
}

/** In such a thread: the next message to it, which was posted already; undefined if none was. */
export function nextMessage(): unknown {
  const { port } = workerData as { port: MessagePort };
  return receiveMessageOnPort(port)?.message;
}

/** Writes a line to stderr at once, from any thread. */
export function writeLine(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody reads it any more.
  }
}

/** This process, for people: `process 4711 on node7`. */
export function processName(): string {
  return `process ${process.pid} on ${hostname()}`;
}
