export interface Model {
  threads: { name: string }[];
}
export interface Found {
  wrong: string | undefined;
  schedule: string[];
}
export function exploreAll(
  model: Model,
  options?: { most?: number; mustEnd?: boolean },
): Found & { states: number; complete: boolean };
export function exploreRandomly(
  model: Model,
  random: () => number,
  runs: number,
  mostSteps?: number,
): Found & { runs: number; steps: number };
