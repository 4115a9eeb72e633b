// The command line of a bench.

/** What is wrong with a command line, in words for people. */
export class WrongOption extends Error {}

/**
 * The options of the command line. Ends the process where something is not known, with code 2, and after
 * --help, with 0.
 */
export function benchOptions(file, names, { help, more, check = () => {} } = {}) {
  try {
    const options = readOptions(process.argv.slice(2), { file, names, more, help });
    check(options);
    if (!options.help) return options;
    console.log(help);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof WrongOption)) throw error;
    console.error(`bench: ${error.message}`);
    process.exit(2);
  }
}

/**
 * Reads arguments. `--json` alone writes `file`; `names` can be chosen; `more` are further options, each a
 * function that gives what it sets: of the text behind it, or of nothing where it is a flag. Throws a
 * WrongOption.
 */
export function readOptions(args, { file, names, more = {}, help }) {
  const options = { quick: false, json: undefined, compare: undefined, chosen: [] };
  const rest = [...args];
  while (rest.length > 0) {
    const [name, given] = split(rest.shift());
    const value = () => {
      const text = given ?? rest.shift();
      if (text === undefined) throw new WrongOption(`${name} needs a value`);
      return text;
    };
    if (name === '--quick') options.quick = true;
    else if (name === '--json') options.json = given ?? file;
    else if (name === '--compare') options.compare = value();
    else if (name === '--help' && help) options.help = true;
    else if (Object.hasOwn(more, name)) {
      const read = more[name];
      Object.assign(options, read.length === 0 ? read() : read(value(), options));
    } else if (names.includes(name)) options.chosen.push(name);
    else throw new WrongOption(`unknown "${name}"; known: ${known(names, more, help)}`);
  }
  return options;
}

function known(names, more, help) {
  const common = ['--quick', '--json[=FILE]', '--compare FILE', ...(help ? ['--help'] : [])];
  return [...names, ...common, ...Object.keys(more)].join(', ');
}

function split(text) {
  const at = text.startsWith('--') ? text.indexOf('=') : -1;
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Positive integers with commas between them. */
export function readCounts(name, text) {
  const parts = text.split(',');
  if (parts.every((part) => /^[1-9]\d{0,4}$/.test(part))) return parts.map(Number);
  throw new WrongOption(`${name}: expected positive integers, such as 1,2, got "${text}"`);
}
