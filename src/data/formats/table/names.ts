/**
 * When two names of columns are the same: in any Unicode form, and in any case of letters if that is clear.
 */

/** The place of a name: as it is written, else in any case of letters, if only one is alike. */
export function placeOfName(names: readonly string[], name: string): number | undefined {
  const same = names.indexOf(name);
  if (same >= 0) return same;
  const wanted = name.normalize('NFC').trim();
  const exact = names.findIndex((other) => other.normalize('NFC').trim() === wanted);
  if (exact >= 0) return exact;
  const key = nameKey(name);
  const alike = names.flatMap((other, i) => (nameKey(other) === key ? [i] : []));
  return alike.length === 1 ? alike[0] : undefined;
}

/** What alike names have in common. An accent may be one character with its letter, or one of its own. */
export function nameKey(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
