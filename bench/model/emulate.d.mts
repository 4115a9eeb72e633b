export function shareOf(blocks: number, threads: number, thread: number): { first: number; end: number };
