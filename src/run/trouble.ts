import { LockstepError } from '../foundation/errors.ts';

/**
 * What could not be written of a run, and why. A training goes on meanwhile: it is told once, tried again,
 * and at the end it is known what is missing.
 */
export interface Trouble {
  /** Tries to write a file. Returns whether it was written. */
  attempt(file: string, write: () => Promise<unknown>): Promise<boolean>;
  /** What is missing now: the file, and why. */
  missing(): readonly string[];
  /** The files alone. */
  missingFiles(): readonly string[];
}

/** @param tell called at once with what cannot be written, again only if it is for another reason */
export function troubleWith(tell: (text: string) => void): Trouble {
  const reasons = new Map<string, string>();
  return {
    async attempt(file, write) {
      try {
        await write();
        reasons.delete(file);
        return true;
      } catch (error) {
        const reason = reasonOf(error);
        if (reasons.get(file) !== reason) tell(`${file}: cannot be written: ${reason}`);
        reasons.set(file, reason);
        return false;
      }
    },
    missingFiles: () => [...reasons.keys()],
    missing: () => [...reasons].map(([file, reason]) => `${file}: cannot be written: ${reason}`),
  };
}

/** What the system calls its errors, in words. */
const words: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large',
  EROFS: 'the disk can only be read',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOENT: 'its folder is gone',
  ENOTDIR: 'its folder is gone',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  EIO: 'the disk has failed',
};

/** Why something could not be written or read, for people. */
export function reasonOf(error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return (code !== undefined && words[code]) || message;
}

/** That a file could not be written: no defect of this program. */
export function notWritten(file: string, error: unknown): LockstepError {
  return new LockstepError('failed', `${file}: cannot be written: ${reasonOf(error)}`, { cause: error });
}
