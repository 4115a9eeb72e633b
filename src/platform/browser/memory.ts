/** A page is not told how much memory is free: what does not fit is refused when it is asked for. */

export function freeMemory(): number {
  return Number.POSITIVE_INFINITY;
}
