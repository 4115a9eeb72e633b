/** By path the bytes of a file, or null for a folder. */
export type DiskState = Map<string, Buffer | null>;
export interface Operation {
  op: 'enter' | 'write' | 'truncate' | 'sync';
  /** What becomes of names: the number of a file, null for a folder, or undefined for nothing any more. */
  entries?: [path: string, file: number | null | undefined][];
  file?: number;
  folder?: string;
}
export interface DiskLog {
  operations: Operation[];
  before: DiskState;
}
export type Choice = 'keep' | 'drop' | 'prefix' | 'zeros';
export function readLog(text: string, before?: DiskState): DiskLog;
export function crash(log: DiskLog, count: number, choose: (operation: Operation) => Choice): DiskState;
export function whole(log: DiskLog): DiskState;
export function restore(folder: string, state: DiskState): void;
export function stateOf(folder: string): DiskState;
export function difference(a: DiskState, b: DiskState): string | undefined;
