export const scaled: readonly (readonly [name: string, batchSize: number])[];
export function threadCounts(cores: number): number[];
