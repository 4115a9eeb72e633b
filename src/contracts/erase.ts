import type { Family } from './fields.ts';

/**
 * Which family a kind belongs to, so that a module's exports can be told apart, also if the program has
 * loaded Lockstep twice.
 */
export const family: unique symbol = Symbol.for('lockstep.family');

/**
 * A kind is declared with the exact type of its settings, but the catalogue keeps kinds of all settings
 * together. Only here the exact type is dropped: validation against the schema takes over from the compiler.
 */
export function erase<Kept>(of: Family | 'figure', kind: object): Kept {
  return { ...kind, [family]: of } as Kept;
}
