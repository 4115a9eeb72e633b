export function step(
  code: string,
  options: { file: string; stepped?: string[]; constants?: Record<string, number> },
): { generators: string[] };
