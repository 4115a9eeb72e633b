/**
 * Reads the file of a sweep: an experiment with a `sweep:` block, a block that names an experiment, or a
 * plain Weights & Biases sweep. Each mistake gives one line that says where it is.
 */
import { isMap, isScalar } from 'yaml';
import { applyOverrides } from '../experiment/apply-overrides.ts';
import { parseYaml } from '../experiment/parse-yaml.ts';
import { offsetOf, type ReadExperiment, readExperiment } from '../experiment/read.ts';
import { type Key, type Override, pathOf, refusePrototypeKeys } from '../experiment/setting-path.ts';
import { checkObject, checkText, wrongKind } from '../foundation/check.ts';
import { type Complaint, LockstepError, nearest, together } from '../foundation/errors.ts';
import { blockOf, type Context } from './block.ts';
import {
  checkLengths,
  checkRungs,
  checkUnits,
  collector,
  conflicts,
  requireValidation,
  tryEach,
  unknownPaths,
  warnOfWarmups,
} from './check.ts';
import { gridSize } from './grid.ts';
import { type Hyperband, rungsOf } from './hyperband.ts';
import { isObjective, type Objective, objectives, usualGoal, usualMetric } from './objective.ts';
import { type Method, mostHeld, type SweepBlock } from './schema.ts';
import { type Dimension, type Named, type Parameters, type Position, readSpace, sizeOf } from './space.ts';

/** A sweep, checked, with every setting. */
export interface Sweep {
  name: string;
  description: string;
  method: Method;
  objective: Objective;
  dimensions: readonly Dimension[];
  /** Number of trials that can be made; infinite if the sweep never ends by itself. */
  size: number;
  runCap: number | undefined;
  early: SweepBlock['early_terminate'];
  /** All random draws are keyed by this. */
  seed: number;
  /** Trainings of each trial. */
  seeds: number;
  /** Trials that are decided at once. */
  batch: number;
  /** The block as written, with defaults, to be kept with the results. */
  block: SweepBlock;
}

export interface SweepFile {
  sweep: Sweep;
  /** The experiment without any variation. */
  base: ReadExperiment;
  /** The experiment of a trial. Throws a LockstepError that names the parameter that does not fit. */
  resolve(parameters: Parameters): ReadExperiment;
  /** The experiment as written, with replaced settings. Together with the block, it is a complete file. */
  written: Readonly<Record<string, unknown>>;
  /** Experiments that between them have every value of a list and both ends of every interval. */
  probes: readonly ReadExperiment[];
  /** The file that `data.source` comes from: a relative path starts there. */
  dataOf: 'sweep' | 'experiment';
  /** Settings that have no effect, for people. */
  warnings: readonly string[];
}

/** The text of an experiment, and its names. */
export interface ExperimentText {
  text: string;
  file: string;
  name: string;
}

export interface ReadSweepOptions {
  /** The file's name, for messages. */
  file: string;
  /** The sweep's name if the file has none. */
  name: string;
  /** Settings that replace those of the experiment. */
  overrides?: readonly Override[];
  /** Finds an experiment that the file names. */
  open(name: string): ExperimentText;
}

/** The experiment of a plain Weights & Biases sweep that names none. */
const defaultExperiment = 'mnist';

/** If nothing limits the number of trials, more points than this are surely a mistake. */
const largestGrid = 1_000_000;

export function readSweep(text: string, options: ReadSweepOptions): SweepFile {
  checkText('text', text, 'the text of a sweep, in YAML');
  checkObject('options', options, 'an object with file, name and open');
  const { file } = options;
  checkText('options.file', file, 'what messages call the file');
  checkText('options.name', options.name, 'the name of a sweep that has none');
  if (typeof options.open !== 'function') {
    throw wrongKind('options.open', 'a function that finds an experiment', options.open);
  }
  const { document, lines, plain: given } = parseYaml(text, file);
  const top = isMap(document.contents) ? (given as Record<string, unknown>) : {};
  const plain = !('sweep' in top) && ('method' in top || 'parameters' in top);
  if (!plain && 'model' in top && !('sweep' in top)) {
    throw new LockstepError('usage', {
      where: `${file}:1:1`,
      expected: 'a sweep',
      got: 'an experiment',
      hint: `\`train ${file}\` trains it; to search, add \`sweep: { method: grid, parameters: ... }\``,
    });
  }
  if (!plain && !('sweep' in top)) {
    throw new LockstepError('usage', {
      where: `${file}:1:1`,
      expected: 'an experiment with a `sweep:` block, or a Weights & Biases sweep',
      got: document.contents === null ? 'an empty file' : 'neither sweep nor method and parameters',
    });
  }

  const position: Position = (keys, ofKey = false) => {
    const { line, col } = lines.linePos(offsetOf(document, keys, ofKey));
    return `${file}:${line}:${col} ${pathOf(keys)}`.trimEnd();
  };
  refusePrototypeKeys(top, (keys) => position(keys, true));
  const at: Key[] = plain ? [] : ['sweep'];
  const isInteger = (keys: readonly Key[]) => {
    const node = document.getIn(keys, true);
    return isScalar(node) && /^[+-]?\d+$/.test(node.source ?? '');
  };

  const warnings: string[] = [];
  const { experiment: named, ...rest } = top;
  if (named !== undefined && typeof named !== 'string') {
    throw new LockstepError('usage', {
      where: position(['experiment']),
      expected: 'the name or the file of an experiment',
      got: JSON.stringify(named),
    });
  }
  const faults: LockstepError[] = [];
  const context: Context = { at, position, warnings, collect: collector(faults) };
  const { block, readable } = blockOf(plain ? rest : rest.sweep, faults, context);
  const found = context.collect(() => baseOf(text, top, { plain, named, options, position, warnings }));
  const parameters: Key[] = [...at, 'parameters'];
  const space = readable
    ? readSpace(block.parameters, parameters, { method: block.method, position, isInteger })
    : { dimensions: [], named: [], faults: [] };
  faults.push(...space.faults);
  const { dimensions } = space;
  faults.push(...conflicts(dimensions, options.overrides ?? []));
  block.metric ??= usualMetric(found?.read([]).experiment);
  const sweep = sweepOf(block, dimensions, options.name, faults, context);
  faults.push(...checkUnits(sweep.objective, dimensions));
  context.collect(() => checkRungs(sweep.early, position([...at, 'early_terminate'])));
  if (!found) throw together(faults);
  const { read: base, written } = found;
  const { experiment } = base([]);
  const unknown = unknownPaths(space.named, experiment);
  faults.push(...unknown.values());

  const resolve = (parameters: Parameters, of: readonly Named[] = dimensions) => {
    const varied = Object.entries(parameters).map(([path, value]): Override => {
      const { origin } = of.find((dimension) => dimension.path === path)!;
      return { path, value, origin: origin(value) };
    });
    const read = base(varied);
    requireValidation(read);
    return read;
  };
  const probes = tryEach(
    dimensions.filter((dimension) => !unknown.has(dimension.path)),
    resolve,
    context.collect,
  );
  if (faults.length === 0) {
    context.collect(() => checkLengths(sweep, resolve, position([...at, 'early_terminate'])));
  }
  if (faults.length > 0) throw together(faults);
  warnings.push(...new Set(probes.flatMap(({ notes }) => notes)), ...warnOfWarmups(probes));
  const dataOf = named === undefined && !plain ? 'sweep' : !plain && 'data' in top ? 'sweep' : 'experiment';
  return { sweep, base: base([]), resolve, written, probes, dataOf, warnings };
}

/** Reads the experiment beneath the sweep, with replaced settings. */
function baseOf(
  text: string,
  top: Record<string, unknown>,
  {
    plain,
    named,
    options,
    position,
    warnings,
  }: {
    plain: boolean;
    named: string | undefined;
    options: ReadSweepOptions;
    position: Position;
    warnings: string[];
  },
): { read(varied: readonly Override[]): ReadExperiment; written: Record<string, unknown> } {
  let source: ExperimentText = { text, file: options.file, name: options.name };
  let own: Override[] = [];
  if (plain || named !== undefined) {
    if (named === undefined)
      warnings.push(`no \`experiment:\` is named; this sweep is over ${defaultExperiment}`);
    source = options.open(named ?? defaultExperiment);
    // Settings beside the block replace those of the experiment that the block names.
    own = Object.entries(plain ? {} : top)
      .filter(([key]) => key !== 'sweep' && key !== 'experiment')
      .map(([key, value]): Override => ({ path: key, value, origin: position([key]) }));
  }
  const { file, name } = source;
  const overrides = [...own, ...(options.overrides ?? [])];
  const read = (varied: readonly Override[]) =>
    readExperiment(source.text, { file, name, overrides: [...overrides, ...varied], apart: ['sweep'] });
  read([]); // Throws if something is wrong with the experiment.
  const { sweep: _, ...written } = parseYaml(source.text, source.file).plain as Record<string, unknown>;
  applyOverrides(written, overrides);
  return { read, written: { name, ...written } };
}

function sweepOf(
  block: SweepBlock,
  dimensions: readonly Dimension[],
  name: string,
  faults: LockstepError[],
  { at, position, warnings }: Context,
): Sweep {
  const { method, run_cap: runCap, seeds, batch, early_terminate: early } = block;
  const refuse = (what: Complaint) => faults.push(new LockstepError('usage', what));
  const objective = objectiveOf(block.metric!, refuse, { at, position, warnings });

  const size = method === 'grid' ? gridSize(dimensions) : Number.POSITIVE_INFINITY;
  if (runCap === undefined && method !== 'grid') {
    refuse({
      where: position(at),
      expected: `a run_cap, because method ${method} never ends by itself`,
      got: 'none',
      hint: 'write `run_cap: 20`',
    });
  }
  if (runCap === undefined && method === 'grid' && size > largestGrid) {
    const sizes = dimensions.map(sizeOf).filter((count) => count > 1);
    refuse({
      where: position([...at, 'parameters'], true),
      expected: `a grid of at most ${largestGrid} points, or a run_cap`,
      got: `${sizes.join(' x ')} = ${size}`,
      hint: 'choose `method: random` with a run_cap',
    });
  }
  const seedVaried = dimensions.find(({ path }) => path === 'seed');
  if (seeds > 1 && seedVaried) {
    refuse({
      where: position([...at, 'seeds']),
      expected: '1, because the sweep varies the seed',
      got: String(seeds),
    });
  }
  if (early && batch * seeds > mostHeld) {
    refuse({
      where: position([...at, 'batch']),
      expected: `batch x seeds of at most ${mostHeld}: so many trainings early_terminate may hold at a rung`,
      got: String(batch * seeds),
    });
  }
  return {
    name: block.name ?? name,
    description: block.description ?? '',
    method,
    objective,
    dimensions,
    size,
    runCap,
    early,
    seed: block.seed,
    seeds,
    batch,
    block,
  };
}

/** The objective of the sweep. */
function objectiveOf(
  { name, goal, target }: NonNullable<SweepBlock['metric']>,
  refuse: (what: Complaint) => void,
  { at, position, warnings }: Omit<Context, 'collect'>,
): Objective {
  if (!isObjective(name)) {
    const meant = nearest(name, objectives());
    const hint = /test/i.test(name)
      ? 'the test set is looked at once, for the winner'
      : meant && `did you mean "${meant}"?`;
    refuse({
      where: position([...at, 'metric', 'name']),
      expected: `one of ${objectives().join(', ')}`,
      got: name,
      ...(hint ? { hint } : {}),
    });
    return { name: 'val_accuracy', goal: 'maximize' };
  }
  const usual = usualGoal(name);
  if (goal === undefined && usual !== 'minimize') {
    refuse({
      where: position([...at, 'metric']),
      expected: `a goal for ${name}`,
      got: 'none, which in Weights & Biases means minimize',
      hint: `write \`goal: ${usual}\``,
    });
  } else if (goal !== undefined && goal !== usual) {
    const where = position([...at, 'metric', 'goal']);
    warnings.push(
      `${where}: to ${goal} ${name} is to look for the worst network; the best has \`goal: ${usual}\``,
    );
  }
  return { name, goal: goal ?? 'minimize', ...(target === undefined ? {} : { target }) };
}

/** The rungs for a training of this many epochs; undefined without early termination. */
export function hyperbandOf({ early }: Sweep, epochs: number): Hyperband | undefined {
  return early && { rungs: rungsOf(early, epochs), eta: early.eta };
}
