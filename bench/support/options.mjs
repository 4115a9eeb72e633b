// The command line of a bench.

/** `--json` alone writes `file`. Ends the process with code 2 where something is not known. */
export function benchOptions(file, names) {
  const options = { quick: false, json: undefined, compare: undefined, chosen: [] };
  const args = process.argv.slice(2);
  while (args.length > 0) {
    const [name, value] = split(args.shift());
    if (name === '--quick') options.quick = true;
    else if (name === '--json') options.json = value ?? file;
    else if (name === '--compare')
      options.compare = value ?? args.shift() ?? complain('--compare needs a file');
    else if (names.includes(name)) options.chosen.push(name);
    else complain(`unknown "${name}"; known: ${names.join(', ')}, --quick, --json[=FILE], --compare FILE`);
  }
  return options;
}

function split(text) {
  const at = text.startsWith('--') ? text.indexOf('=') : -1;
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function complain(text) {
  console.error(`bench: ${text}`);
  process.exit(2);
}
