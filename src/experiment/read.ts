/**
 * Reads an experiment. YAML text and overrides go in, and a resolved experiment comes out, or a line for each
 * mistake: `file:line:column path: expected, got, did you mean`.
 */
import { type Document, isMap, isNode, isScalar } from 'yaml';
import { checkObject, checkText } from '../foundation/check.ts';
import { LockstepError, together } from '../foundation/errors.ts';
import type { Locate } from '../model/network.ts';
import { applyOverrides } from './apply-overrides.ts';
import type { Position } from './complaint.ts';
import type { Experiment } from './experiment.ts';
import { parseYaml } from './parse-yaml.ts';
import { resolveExperiment } from './resolve.ts';
import { type Key, keysOf, type Override, pathOf, startsWith } from './setting-path.ts';

export interface ReadExperiment {
  experiment: Experiment;
  /** Describes the place of a path into the experiment, for people. */
  locate: Locate;
  /** What the overrides have changed besides their own settings, for people. */
  notes: readonly string[];
}

export interface ReadOptions {
  /** The file's name, for messages. */
  file: string;
  /** The experiment's name if the text has none. */
  name: string;
  overrides?: readonly Override[];
  /** Keys at the top of the file that are not the experiment's; the caller reads them. */
  apart?: readonly string[];
}

export function readExperiment(text: string, options: ReadOptions): ReadExperiment {
  checkText('text', text, 'the text of an experiment, in YAML');

  checkObject('options', options, 'an object with file and name');
  const { file, name, overrides = [], apart = [] } = options;
  checkText('options.file', file, 'what messages call the file');
  checkText('options.name', name, 'the name of an experiment that has none');
  const { document, lines, plain } = parseYaml(text, file);
  if (!isMap(document.contents)) {
    throw new LockstepError('usage', {
      where: `${file}:1:1`,
      expected: 'an experiment: a map with model, optimizer, batchSize, and epochs or steps',
      got: document.contents === null ? 'an empty file' : 'something else',
    });
  }

  const position: Position = (keys, ofKey) => {
    const override = overrides
      .filter(({ path }) => startsWith(keys, keysOf(path)) || (ofKey && startsWith(keysOf(path), keys)))
      // The most exact one, and of equals the last, which holds.
      .reduce<Override | undefined>(
        (best, one) => (best && keysOf(best.path).length > keysOf(one.path).length ? best : one),
        undefined,
      );
    if (override) return override.origin;
    const { line, col } = lines.linePos(offsetOf(document, keys, ofKey));
    return `${file}:${line}:${col} ${pathOf(keys)}`.trimEnd();
  };

  const original = plain as Record<string, unknown>;
  for (const key of apart) delete original[key];
  refuseSweep(original, file);
  const { faults, notes } = applyOverrides(original, overrides);
  try {
    const experiment = resolveExperiment(original, name, position);
    if (faults.length === 0) return { experiment, locate: (path) => position(keysOf(path), false), notes };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    faults.push(error);
  }
  throw together(faults);
}

/** A sweep says in words of its own what it is. */
function refuseSweep(top: Record<string, unknown>, file: string): void {
  const sweep = 'sweep' in top || (('parameters' in top || 'method' in top) && !('model' in top));
  if (!sweep) return;
  throw new LockstepError('usage', {
    where: `${file}:1:1`,
    expected: 'an experiment',
    got: 'a sweep',
    hint: `\`train sweep ${file}\` runs it`,
  });
}

/** The offset in the text of a path, or of as much of the path as the file has. */
export function offsetOf(document: Document, keys: readonly Key[], ofKey: boolean): number {
  for (let length = keys.length; length > 0; length--) {
    const parent = document.getIn(keys.slice(0, length - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(keys[length - 1]),
      );
      const node = ofKey && length === keys.length ? pair?.key : (pair?.value ?? pair?.key);
      if (isNode(node) && node.range) return node.range[0];
    } else {
      const node = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
