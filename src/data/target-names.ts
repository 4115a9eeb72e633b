/** What is predicted, as people call it and write it. */
import type { Signature } from './split.ts';

/** Names of what is predicted: the target columns of the table, or `label` of what had no name. */
export function targetNames({ targets }: Pick<Signature, 'targets'>): readonly string[] {
  return targets.kind === 'classes' ? [targets.column ?? 'label'] : targets.names;
}

/** Names of the probabilities: of all classes, or of all flags. */
export function outputNames({ targets }: Pick<Signature, 'targets'>): readonly string[] {
  if (targets.kind !== 'classes') return targets.names;
  return targets.names ?? Array.from({ length: targets.count }, (_, c) => String(c));
}

/** Turns what a network predicts for target `t` into what people write. */
export function targetWriter({
  targets,
}: Pick<Signature, 'targets'>): (value: number, t: number) => string | number {
  if (targets.kind === 'values') return (value) => value;
  if (targets.kind === 'classes') return (value) => numberOr(targets.names?.[value] ?? value);
  const { yes, no } = targets;
  return (value, t) => numberOr((value === 1 ? yes : no)?.[t] ?? value);
}

const numberOr = (text: string | number): string | number =>
  String(Number(text)) === String(text) ? Number(text) : text;
