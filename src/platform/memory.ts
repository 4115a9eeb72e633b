/** The memory that this process may still take. */
import { freemem, platform, totalmem } from 'node:os';

/**
 * Bytes that are free in this machine, or fewer if a container limits this process. macOS counts as free only
 * what nothing uses, not even as a cache, so there it is all memory of the machine.
 */
export function freeMemory(): number {
  const machine = platform() === 'darwin' ? totalmem() : freemem();
  // Zero where the system does not say.
  const container = process.availableMemory();
  return container > 0 ? Math.min(machine, container) : machine;
}
