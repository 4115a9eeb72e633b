/** `train serve RUN`: answers what a trained network predicts, over HTTP. */
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { LockstepError } from '../foundation/errors.ts';
import { counted, shortEpoch } from '../foundation/format.ts';
import { readTrained, type TrainedNetwork } from '../run/read-trained.ts';
import { usualLimits } from '../serve/limits.ts';
import { modelFacts } from '../serve/model-facts.ts';
import { networkThread } from '../serve/network-thread.ts';
import { servedNetwork } from '../serve/served-network.ts';
import type { RunningServer } from '../serve/server.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out, warn } from './console.ts';
import { once, portNumber, typed } from './options.ts';
import { listenForStop } from './stop.ts';

interface Arguments {
  run: string;
  host?: string;
  port?: string;
  allowHost?: string | string[];
  json?: boolean;
  quiet?: boolean;
}

const usualHost = '127.0.0.1';
const usualPort = 8000;

export const serveCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .option('host', {
          describe: `the address to listen on, by default ${usualHost}: this machine alone; 0.0.0.0: all`,
          type: 'string',
          requiresArg: true,
        })
        .option('port', {
          describe: `its port, by default ${usualPort}; 0: any that is free`,
          type: 'string',
          requiresArg: true,
        })
        .option('allow-host', {
          describe: 'another name by which clients call it, such as that of a proxy (again for more)',
          type: 'string',
          requiresArg: true,
        })
        .option('json', { describe: 'one JSON object a line', type: 'boolean' })
        .option('quiet', { describe: 'print the address alone', type: 'boolean' }),
    ),
  handler: serve,
};

async function serve(given: Arguments): Promise<void> {
  const host = given.host === undefined ? usualHost : once('host', given.host);
  const port = given.port === undefined ? usualPort : portNumber('port', given.port);
  const allowed = given.allowHost === undefined ? [] : [given.allowHost].flat().map(allowedHost);
  const trained = await readTrained(given.run);
  for (const doubt of trained.doubts) warn(doubt);
  const limits = usualLimits;
  const { served, doubt } = await servedNetwork(trained, limits);
  if (doubt) warn(doubt);
  // Loaded late, because every command loads this file.
  const { startServer } = await import('../serve/server.ts');
  const { triedNetwork } = await import('../serve/page.ts');
  const networks = { quick: networkThread(served), slow: networkThread(served) };
  await networks.quick.start();
  const facts = modelFacts(given.run, trained, limits);
  const trouble = (line: string) => err.line(`${err.paint('red', 'train:')} ${line}`);
  const stop = listenForStop('stopping when all requests are answered; once more to quit at once');
  try {
    const tried = triedNetwork(trained, served.profile);
    const options = { host, port, allowed, facts, tried, networks, limits, trouble };
    const server = await startServer(options).catch(async (error: unknown) => {
      await networks.quick.end();
      throw error;
    });
    if (!isLoopback(host)) warnOpen(host);
    tellStart(given, server, trained);
    await new Promise<void>((wake) => {
      if (stop.signal.aborted) wake();
      stop.signal.addEventListener('abort', () => wake());
    });
    await server.stop();
    tellEnd(given, server);
  } finally {
    stop.release();
  }
}

function allowedHost(text: string): string {
  if (/^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(text)) return text;
  throw new LockstepError('usage', {
    where: '--allow-host',
    expected: 'a name such as digits.example.org, or with its port',
    got: JSON.stringify(text),
  });
}

const isLoopback = (host: string) => /^(?:localhost|127\.[\d.]+|::1)$/i.test(host);

function warnOpen(host: string): void {
  const who = 'whoever can reach this machine may use the network: there is no password and no encryption';
  warn(`--host ${host}: ${who}`);
}

function tellStart(given: Arguments, { url }: RunningServer, trained: TrainedNetwork): void {
  const { weightsSha256, epochs: epoch, checkpoint } = trained;
  if (given.json) {
    const facts = { run: resolve(given.run), checkpoint, epoch, weightsSha256 };
    out.line(JSON.stringify({ event: 'listening', url, ...facts }));
    return;
  }
  if (given.quiet) {
    out.line(url);
    return;
  }
  out.line(`listening      ${out.paint('bold', url)}`);
  out.line(`weights        epoch ${shortEpoch(epoch)}, ${checkpoint}`);
  out.line(`sha256         ${weightsSha256}`);
  err.line('open it in a browser to try it, or POST /predict, GET /model, GET /health; Ctrl-C stops it');
}

function tellEnd({ json, quiet }: Arguments, { counts }: RunningServer): void {
  const { answered, refused, failed } = counts;
  if (json) out.line(JSON.stringify({ event: 'end', ...counts }));
  else if (!quiet)
    out.line(`stopped        ${counted(answered, 'answer')}, ${refused} refused, ${failed} failed`);
}
