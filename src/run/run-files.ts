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
  /** The checkpoint before the last one. */
  previous: join('checkpoints', 'last.previous.safetensors'),
  /** Of a training that is longer than was planned: the end of the shorter one. */
  begin: join('checkpoints', 'begin.safetensors'),
  best: join('checkpoints', 'best.safetensors'),
  /** One page with everything, for people, to be opened in a browser. */
  report: 'report.html',
  /** Only with --profile. */
  profile: 'profile.csv',
  trace: 'trace.json',
  /** Only if several seeds were trained: in the folder around the runs. */
  seeds: 'seeds.csv',
  /** Only if several seeds or folds are trained: how many, in the folder around the runs. */
  parts: 'parts.json',
  /** Only of a cross-validation: in the folder around the runs. */
  folds: 'folds.csv',
} as const;

/** The files whose digests summary.json carries: all that a training writes, but for pictures of it. */
export const digestedFiles: readonly string[] = [
  runFiles.config,
  runFiles.metrics,
  runFiles.timing,
  runFiles.confusion,
  runFiles.begin,
  runFiles.weights,
  runFiles.best,
];
