/**
 * Reads YAML that people, or strangers, have written. Whatever is wrong is one line with its place, and the
 * work is bounded by the length of the text.
 */
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { shown } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { grouped } from '../foundation/format.ts';
import { limits } from '../foundation/limits.ts';
import { isPrototypeKey } from '../foundation/prototype-keys.ts';
import { firstLine } from './setting-path.ts';

export interface ParsedYaml {
  document: Document;
  lines: LineCounter;
  /** The text as objects and lists. */
  plain: unknown;
}

/**
 * Parses a text; `file` is for messages.
 *
 * @throws LockstepError `usage` if it is no YAML, or holds more than `limits` allow
 */
export function parseYaml(text: string, file: string): ParsedYaml {
  if (text.length > limits.yamlBytes) {
    throw new LockstepError('usage', {
      where: file,
      expected: `at most ${grouped(limits.yamlBytes)} characters of YAML`,
      got: grouped(text.length),
    });
  }
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const invalid = (where: string, message: string) =>
    new LockstepError('usage', `${where}: not valid YAML: ${message}`);
  const deep = (offset: number) =>
    invalid(place(offset), `expected at most ${limits.nesting} maps and lists in one another, got more`);
  const reserved = (offset: number, key: string) =>
    new LockstepError('usage', {
      where: place(offset),
      expected: 'a setting',
      got: `the key ${JSON.stringify(key)}`,
    });

  const tooDeep = depthFault(text);
  if (tooDeep !== undefined) {
    lines.addNewLine(0);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
    throw deep(tooDeep);
  }
  let document: Document;
  try {
    // The library compares each key with all others; `check` below finds them in one pass.
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
    });
  } catch (error) {
    throw invalid(file, firstLine((error as Error).message));
  }
  const [fault] = document.errors;
  if (fault) throw invalid(place(fault.pos[0]), firstLine(fault.message));
  check(document, (offset, message) => invalid(place(offset), message), deep, reserved);
  try {
    return { document, lines, plain: document.toJS({ maxAliasCount: limits.yamlAliases }) };
  } catch (error) {
    throw invalid(place(0), firstLine((error as Error).message));
  }
}

/** Refuses equal keys, keys of prototypes, keys that are no words, aliases of nothing, and depth. */
function check(
  { contents }: Document,
  invalid: (offset: number, message: string) => LockstepError,
  deep: (offset: number) => LockstepError,
  reserved: (offset: number, key: string) => LockstepError,
): void {
  const anchors = new Set<string>();
  const visit = (node: unknown, depth: number): void => {
    const [offset = 0] = (node as { range?: number[] | null } | null)?.range ?? [];
    if (depth > limits.nesting) throw deep(offset);
    if (isAlias(node)) {
      if (anchors.has(node.source)) return;
      throw invalid(
        offset,
        `unresolved alias ${shown(node.source)}; text that begins with * is put in quotes`,
      );
    }
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) anchors.add(anchor);
    if (isSeq(node)) for (const item of node.items) visit(item, depth + 1);
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const { key, value } = pair;
      const [at = offset] = (key as { range?: number[] } | null)?.range ?? [];
      if (!isScalar(key)) throw invalid(at, 'expected the name of a setting, got a map, a list or an alias');
      const name = String(key.value);
      if (isPrototypeKey(name)) throw reserved(at, name);
      // The library reads << as a symbol.
      const merged = typeof key.value === 'symbol';
      if (!merged && seen.has(name)) throw invalid(at, `expected a key once, got ${shown(name)} again`);
      if (merged && !isMap(value) && !isSeq(value) && !isAlias(value)) {
        throw invalid(at, 'expected a map behind <<, got something else');
      }
      seen.add(name);
      if (key.anchor !== undefined) anchors.add(key.anchor);
      visit(value, depth + 1);
    }
  };
  visit(contents, 0);
}

/**
 * The offset at which brackets, or dashes and question marks of one line, lie too deep in one another: the
 * library would go down by recursion. A guess that is only wrong for texts full of brackets: they count in
 * quotes and comments too, where they are closed again or the line ends.
 */
function depthFault(text: string): number | undefined {
  let open = 0;
  let marks = 0;
  const indents: number[] = [];
  for (let at = 0, start = 0, leading = true; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\n') {
      start = at + 1;
      leading = true;
      marks = 0;
      continue;
    }
    if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > 4 * limits.nesting) return at;
    if (!leading || character === ' ') continue;
    if ((character === '-' || character === '?' || character === ':') && /[\s]/.test(text[at + 1] ?? ' ')) {
      if (++marks > limits.nesting) return at;
      continue;
    }
    leading = false;
    const indent = at - start;
    while (indents.length > 0 && indents.at(-1)! >= indent) indents.pop();
    indents.push(indent);
    if (indents.length > limits.nesting + 1) return at;
  }
  return undefined;
}
