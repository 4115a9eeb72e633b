/** A path as a word of a command line, in quotes if it has spaces or other signs that a shell would read. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
