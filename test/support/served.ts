// Runs that are served in this process, and requests to them.
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readTrained } from '#lockstep/run/read-trained.js';
import { type ServeLimits, usualLimits } from '#lockstep/serve/limits.js';
import { modelFacts } from '#lockstep/serve/model-facts.js';
import { networkThread } from '#lockstep/serve/network-thread.js';
import { triedNetwork } from '#lockstep/serve/page.js';
import { servedNetwork } from '#lockstep/serve/served-network.js';
import { type RunningServer, startServer } from '#lockstep/serve/server.js';
import { preparedFolder } from './prepared-folder.ts';
import { runTrain } from './run-cli.ts';
import { tableFolder } from './table-folder.ts';
import { toyFolder } from './toy-folder.ts';

type Kind = 'pictures' | Parameters<typeof tableFolder>[0];

async function train(kind: Kind, cwd: string): Promise<void> {
  if (kind === 'pictures') await toyFolder(undefined, cwd);
  else await tableFolder(kind, undefined, cwd);
  const file = kind === 'pictures' ? 'toy.yaml' : 'table.yaml';
  const { code, stderr } = await runTrain([file, '--out', 'run', '--quiet', '--epochs', '1'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
}

const kinds: readonly Kind[] = ['pictures', 'classes', 'values', 'value', 'flags'];
/** Each is trained at most once for a test file. */
const trained = new Map(kinds.map((kind) => [kind, preparedFolder((cwd) => train(kind, cwd))]));

/** A training on the toy pictures or on a table; the folder of the run. */
export async function trainedRun(kind: Kind): Promise<string> {
  return join(await trained.get(kind)!(), 'run');
}

/** What was told as trouble, and the server, which stops when the test ends. */
export interface Served extends RunningServer {
  trouble: string[];
}

/** @param asks the page has no network in it, as if that were too large */
export async function serveRun(
  folder: string,
  changed: Partial<ServeLimits> = {},
  asks = false,
): Promise<Served> {
  const limits = { ...usualLimits, ...changed };
  const trained = await readTrained(folder);
  const { served } = await servedNetwork(trained, limits);
  const trouble: string[] = [];
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    allowed: ['digits.example'],
    facts: modelFacts(folder, trained, limits),
    tried: { ...triedNetwork(trained, served.profile), asks },
    networks: { quick: networkThread(served), slow: networkThread(served) },
    limits,
    trouble: (line) => trouble.push(line),
  });
  onTestFinished(() => server.stop());
  return { ...server, trouble };
}

export interface Response {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  json: any;
}

/** A request with any headers, which `fetch` would not send. */
export function send(
  url: string,
  { body, ...options }: RequestOptions & { body?: string | Uint8Array } = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type'] === 'application/json' && text !== '';
        const json = isJson ? JSON.parse(text) : undefined;
        resolve({ status: response.statusCode!, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Rows as JSON, or bytes of another type. */
export function predict(
  url: string,
  body: unknown,
  { type = 'application/json', query = '' } = {},
): Promise<Response> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const headers = { 'content-type': type };
  return send(`${url}/predict${query}`, { method: 'POST', headers, body: bytes });
}

/** Sends text as it is, and gives back all that comes until the connection ends. */
export function sendRaw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(got));
  });
}
