/**
 * A kind is declared with the exact type of its settings, and kept in the catalogue among kinds of other settings. This is
 * the one place where that type is dropped: validation against the schema takes over from the compiler.
 */
export function erase<Kept>(kind: object): Kept {
  return kind as Kept;
}
