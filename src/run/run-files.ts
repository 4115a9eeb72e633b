/** The files of a run. */
import { join } from 'node:path';

/** Names of the files in a run folder. */
export const runFiles = {
  config: 'config.yaml',
  metrics: 'metrics.csv',
  timing: 'timing.csv',
  confusion: 'confusion.csv',
  summary: 'summary.json',
  weights: join('checkpoints', 'last.safetensors'),
  best: join('checkpoints', 'best.safetensors'),
  /** One page with everything, for people, to be opened in a browser. */
  report: 'report.html',
  /** Only with --profile. */
  profile: 'profile.csv',
  trace: 'trace.json',
  /** Only if several seeds were trained: in the folder around the runs. */
  seeds: 'seeds.csv',
  /** Only of a cross-validation: in the folder around the runs. */
  folds: 'folds.csv',
} as const;
