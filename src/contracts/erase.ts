/**
 * A kind is declared with the exact type of its settings, but the catalogue keeps kinds of all settings
 * together. Only here the exact type is dropped: validation against the schema takes over from the compiler.
 */
export function erase<Kept>(kind: object): Kept {
  return kind as Kept;
}
