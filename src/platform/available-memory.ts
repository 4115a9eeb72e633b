/** Memory that is left on this machine. */

/** Bytes that may still be allocated: free memory, or what is left of a container's share. */
export function availableMemory(): number {
  return process.availableMemory();
}
