/**
 * The MPI library of this machine. There are two families, which hold the same names and are called
 * differently: in Open MPI a communicator, a type and a request are addresses, in MPICH and those that follow
 * it (Intel MPI, Cray MPICH, MVAPICH) they are numbers.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { type ForeignLibrary, type Koffi, loadKoffi } from './foreign.ts';

export type Family = 'Open MPI' | 'MPICH';

export interface MpiLibrary {
  koffi: Koffi;
  library: ForeignLibrary;
  family: Family;
  /** As the library says it, one line. */
  version: string;
}

/** Names by which the families' libraries are known to the loader. */
const names: Record<Family, readonly string[]> = {
  'Open MPI': ['libmpi.so.40', 'libmpi.40.dylib', 'libmpi.so', 'libmpi.dylib'],
  MPICH: ['libmpich.so.12', 'libmpi.so.12', 'libmpi.12.dylib', 'libmpich.so', 'libmpi.so', 'libmpi.dylib'],
};

/** Bytes of a version: MPICH's may be 8,192 long. */
const mostVersion = 8192;

/**
 * Opens the library.
 *
 * @param wanted its path, if the user names one
 * @param family whose launcher has started this process, if that is known
 * @throws LockstepError `usage` if koffi or a library is missing, or it is of another family
 */
export function openMpi(wanted: string | undefined, family: Family | undefined): MpiLibrary {
  const koffi = loadKoffi();
  if (!koffi) {
    throw new LockstepError('usage', {
      where: '--ranks mpi',
      expected: 'the package koffi, by which the MPI library is called',
      got: 'none',
      hint: 'npm install koffi',
    });
  }
  const tried = wanted === undefined ? candidates(family) : [wanted];
  for (const name of tried) {
    const found = tryLibrary(koffi, name);
    if (!found || (wanted === undefined && family && found.family !== family)) continue;
    if (family && found.family !== family) {
      throw new LockstepError('usage', {
        where: name,
        expected: `a library of ${family}, whose launcher has started this process`,
        got: found.version,
      });
    }
    return found;
  }
  throw new LockstepError('usage', {
    where: wanted ?? '--ranks mpi',
    expected: `the library of ${family ?? 'Open MPI or MPICH'}`,
    got: wanted === undefined ? `none of ${tried.join(', ')}` : 'a file that cannot be loaded as one',
    hint:
      'install it (on Debian openmpi-bin or mpich), let LD_LIBRARY_PATH name its folder, or name the file: ' +
      '--ranks mpi:/path/to/libmpi.so',
  });
}

function candidates(family: Family | undefined): string[] {
  const families: Family[] = family ? [family] : ['Open MPI', 'MPICH'];
  return [...new Set(families.flatMap((one) => names[one]))];
}

/** Undefined if there is no such library, or it is none of MPI. */
function tryLibrary(koffi: Koffi, name: string): MpiLibrary | undefined {
  try {
    // Open MPI loads parts of itself later, which look for its names.
    const library = koffi.load(name, { global: true });
    const getVersion = library.func('int MPI_Get_library_version(void *version, void *length)');
    const text = Buffer.alloc(mostVersion);
    const length = Buffer.alloc(128);
    getVersion(text, length);
    const version = text
      .toString('utf8', 0, length.readInt32LE(0))
      .split(/[\n\0]/)[0]!
      .replace(/\s+/g, ' ');
    return { koffi, library, family: /open mpi/i.test(version) ? 'Open MPI' : 'MPICH', version };
  } catch {
    return undefined;
  }
}
