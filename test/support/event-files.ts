// Event files for TensorBoard, read by test/vectors/tfevents.py, which shares no code with us.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const python = '/usr/bin/python3';
const checker = join(import.meta.dirname, '../vectors/tfevents.py');
export const hasPython = existsSync(python);

/** What the program says of a run; rejects with its complaint. */
export async function check(...run: string[]) {
  const { stdout } = await promisify(execFile)(python, [checker, join(...run)]);
  return JSON.parse(stdout) as { files: number; records: number; values: number; plugins: string[] };
}

export const eventsIn = (folder: string) =>
  readdirSync(folder).filter((name) => /^events\.out\.tfevents\.\d{10}\.lockstep$/.test(name));
