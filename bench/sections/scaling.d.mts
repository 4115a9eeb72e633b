export function threadCounts(cores: number): number[];
