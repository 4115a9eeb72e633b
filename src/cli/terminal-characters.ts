/** What a terminal can show. */

/** Whether it shows more than ASCII, by its locale. On Windows all do. */
export function unicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return process.platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** A bar for a share of the width, at least one character if there is any. */
export function bar(share: number, width: number): string {
  const length = share > 0 ? Math.max(1, Math.round(share * width)) : 0;
  return (unicode() ? '━' : '#').repeat(length);
}
