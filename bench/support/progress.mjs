// One line on stderr that says what is being measured, if stderr is a terminal.

export function progress(text) {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\x1b[2K${text}`);
}
