/** `train runs [DIR]`: lists runs, seeds, folds and sweeps, the newest first. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { LockstepError } from '../foundation/errors.ts';
import { didYouMean } from '../platform/meant-path.ts';
import type { Glance } from '../run/glance.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out, warn } from './console.ts';
import type { Column } from './fitting-table.ts';
import { typed } from './options.ts';

interface Arguments {
  dir: string;
  json?: boolean;
}

export const runsCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('dir', { describe: 'a folder with folders of runs', type: 'string', default: 'runs' })
        .option('json', { describe: 'a JSON object a line for each run', type: 'boolean' }),
    ),
  handler: listRuns,
};

async function listRuns({ dir, json }: Arguments): Promise<void> {
  const glances = await glancesIn(dir);
  if (json) {
    for (const glance of glances) out.line(JSON.stringify(glance));
    return;
  }
  if (glances.length === 0) {
    err.line(`${dir}: no runs yet; \`train\` writes each into a folder here`);
    return;
  }
  const { fittingTable } = await import('./fitting-table.ts');
  const [heading, ...lines] = fittingTable(await columns(), glances, out);
  out.line(out.paint('dim', heading!));
  for (const [i, line] of lines.entries()) {
    out.line(glances[i]!.state === 'damaged' ? out.paint('red', line) : line);
  }
  for (const { trouble } of glances) if (trouble !== null) warn(trouble);
}

/** What lies in a folder, and is ours; or the folder itself, if it is a single run. */
async function glancesIn(dir: string): Promise<Glance[]> {
  // Loaded late, because every command loads this file.
  const { glanceAtRun } = await import('../run/glance.ts');
  const { glanceAtSweep } = await import('../sweep/glance.ts');
  const glances: Glance[] = [];
  const look = async (folder: string) => {
    const glance = (await glanceAtSweep(folder)) ?? (await glanceAtRun(folder));
    if (glance) glances.push(glance);
  };
  for (const name of foldersIn(dir)) await look(join(dir, name));
  if (glances.length === 0 && existsSync(dir)) await look(dir);
  return glances.sort((a, b) => b.time.getTime() - a.time.getTime() || (a.folder < b.folder ? -1 : 1));
}

function foldersIn(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) =>
      statSync(join(dir, name), { throwIfNoEntry: false })?.isDirectory(),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Before the first training there is none.
    if (code === 'ENOENT' && dir === 'runs') return [];
    const got = code === 'ENOENT' ? 'no such folder' : code === 'ENOTDIR' ? 'a file' : message;
    throw new LockstepError('checkpoint', {
      ...{ where: dir, expected: 'a folder of runs', got },
      ...(code === 'ENOENT' ? didYouMean(dir) : {}),
    });
  }
}

const states: Record<Glance['state'], string> = {
  finished: 'finished',
  running: 'running',
  resumable: 'can resume',
  stopped: 'stopped',
  damaged: 'DAMAGED',
};

async function columns(): Promise<Column<Glance>[]> {
  const { shortEpoch } = await import('./format.ts');
  const { figureCalled, figureText } = await import('../model/figure-text.ts');
  const value = (figure: string | null, number: number | null) =>
    figure === null || number === null ? '-' : figureText(figure, number);
  const what = { run: '', seeds: ' seeds', folds: ' folds', sweep: ' trials' };
  const length = ({ kind, epochs, parts }: Glance) => {
    if (parts === null) return epochs === null ? '-' : shortEpoch(epochs);
    const of = parts.of === null || parts.of === parts.done ? '' : `/${parts.of}`;
    return `${parts.done}${of}${what[kind]}`;
  };
  return [
    { title: 'run', align: 'l', expendable: 0, cell: ({ folder }) => folder },
    { title: 'experiment', align: 'l', expendable: 7, cell: ({ name }) => name ?? '-' },
    { title: 'last written', align: 'l', expendable: 4, cell: ({ time }) => timeText(time) },
    { title: 'state', align: 'l', expendable: 0, cell: ({ state }) => states[state] },
    { title: 'epochs', align: 'r', expendable: 3, cell: length },
    { title: 'seed', align: 'r', expendable: 6, cell: ({ seed }) => (seed === null ? '-' : String(seed)) },
    {
      title: 'figure',
      align: 'l',
      expendable: 2,
      cell: ({ figure }) => (figure === null ? '-' : figureCalled(figure).title),
    },
    { title: 'val', align: 'r', expendable: 1, cell: ({ figure, validation }) => value(figure, validation) },
    { title: 'test', align: 'r', expendable: 0, cell: ({ figure, test }) => value(figure, test) },
    {
      title: 'weights',
      align: 'l',
      expendable: 5,
      cell: ({ weightsSha256 }) => weightsSha256?.slice(0, 8) ?? '-',
    },
  ];
}

/** `2026-01-31 14:05`, as clocks here show it. */
function timeText(time: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join('-');
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}
