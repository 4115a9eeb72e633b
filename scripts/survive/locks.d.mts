export function locks(options?: {
  rounds?: number;
  processes?: number;
  print?: (line: string) => void;
}): Promise<{ rounds: number; wrong: string[] }>;
