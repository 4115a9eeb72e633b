export interface Fuzzed {
  counts: { accepted: number; refused: number } | undefined;
  slowest: number | undefined;
  faults: { index: number; wrong: string }[];
}
export const targetNames: string[];
export function fuzz(name: string, count: number, first?: number): Promise<Fuzzed>;
