/** What a thread waits for when it does no work: by phase and by cause, as `train --profile` tells it. */

/** The phases that a thread can be in: those of a step (see phases.ts), and that of an evaluation. */
export const phaseNames = ['columns', 'rows', 'statistics', 'parameters', 'evaluation'] as const;
export type PhaseName = (typeof phaseNames)[number];

/**
 * Why a thread waits within a phase.
 *
 *   no block left     awake; the others had taken all blocks of the phase before it got one
 *   block still held  awake; it has done blocks of the phase, and no other is left, but others are not done
 *   asleep            it waited so long that it gave its core away, until the phase was over and it woke up
 *   between blocks    all other time between two pieces of work: it prepares the phase, claims a block, opens
 *                     the next phase, reads the clock, or has lost its core meanwhile
 */
export const phaseCauses = ['no block left', 'block still held', 'asleep', 'between blocks'] as const;
/**
 * Why it waits outside of phases.
 *
 *   end of a command  from its last phase until all threads have ended the command
 *   between commands  from then on until the main thread gives the next command
 */
export const commandCauses = ['end of a command', 'between commands'] as const;
export type PhaseCause = (typeof phaseCauses)[number];
export type Cause = PhaseCause | (typeof commandCauses)[number];

/** A kind of waiting. */
export interface WaitKind {
  /** Undefined: outside of phases. */
  phase: PhaseName | undefined;
  cause: Cause;
}

/** Waiting of one kind. */
export interface Wait extends WaitKind {
  seconds: number;
}

/** All kinds, phase by phase. */
export const waitKinds: readonly WaitKind[] = [
  ...phaseNames.flatMap((phase) => phaseCauses.map((cause) => ({ phase, cause }))),
  ...commandCauses.map((cause) => ({ phase: undefined, cause })),
];

/** `rows: block still held` */
export function waitName({ phase, cause }: WaitKind): string {
  return phase === undefined ? cause : `${phase}: ${cause}`;
}

/** The column of profile.csv: `wait_rows_block_still_held`. */
export function waitColumn(kind: WaitKind): string {
  return `wait_${waitName(kind).replaceAll(/\W+/g, '_')}`;
}

/** The sums of each kind, of those that took time. */
export function sumWaits(waits: readonly Wait[]): Wait[] {
  return waitKinds.flatMap(({ phase, cause }) => {
    const same = waits.filter((wait) => wait.phase === phase && wait.cause === cause);
    const seconds = same.reduce((sum, wait) => sum + wait.seconds, 0);
    return seconds > 0 ? [{ phase, cause, seconds }] : [];
  });
}

/** Seconds in a table: a row for each phase that was waited in, a column for each cause. */
export interface WaitTable {
  causes: readonly Cause[];
  rows: { name: string; seconds: number[]; all: number }[];
}

/** Waiting as a table. What is outside of phases comes last, in rows of their own. */
export function waitTable(waits: readonly Wait[]): WaitTable {
  const sums = sumWaits(waits);
  const causes = phaseCauses.filter((cause) => sums.some((wait) => wait.cause === cause));
  const names = [...new Set(sums.map(({ phase, cause }) => phase ?? cause))];
  const rows = names.map((name) => {
    const own = sums.filter(({ phase, cause }) => (phase ?? cause) === name);
    const seconds = causes.map((cause) => own.find((wait) => wait.cause === cause)?.seconds ?? 0);
    return { name, seconds, all: own.reduce((sum, wait) => sum + wait.seconds, 0) };
  });
  return { causes, rows };
}
