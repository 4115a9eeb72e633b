/** Functions of C libraries, by the package koffi, which is only needed, and loaded, for MPI. */
import { createRequire } from 'node:module';

/** A function of a library. */
export type Foreign = (...args: unknown[]) => unknown;

/** What is used of koffi. */
export interface Koffi {
  version: string;
  load(path: string, options?: { global?: boolean }): ForeignLibrary;
  address(pointer: unknown): bigint;
}

export interface ForeignLibrary {
  /** Takes the declaration in C. */
  func(declaration: string): Foreign;
  /** The address of a variable. */
  symbol(name: string, type: string): unknown;
}

/** Undefined if it is not installed. */
export function loadKoffi(): Koffi | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require('koffi') as Koffi;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
