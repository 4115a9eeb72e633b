/** Whether the JSON in a checkpoint's metadata has the shape of ours: a stranger may have made the file. */
import type { Signature } from '../data/split.ts';
import { limits } from '../foundation/limits.ts';
import type { Position } from '../training/run-state.ts';

type Is = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText: Is = (value) => typeof value === 'string';
const isFlag: Is = (value) => typeof value === 'boolean';
const isNumber: Is = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Is = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isSize: Is = (value) => isCount(value) && (value as number) > 0;
const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is);
const maybe =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);
const oneOf =
  (...words: readonly unknown[]): Is =>
  (value) =>
    words.includes(value);
const within =
  (least: number, most: number): Is =>
  (value) =>
    isNumber(value) && (value as number) >= least && (value as number) <= most;
/** So many things, each of its own kind. */
const tuple =
  (...each: readonly Is[]): Is =>
  (value) =>
    Array.isArray(value) && value.length === each.length && each.every((is, i) => is(value[i]));
const orNull =
  (is: Is): Is =>
  (value) =>
    value === null || is(value);

/** An object with these fields, and no others. */
const objectOf =
  (fields: Readonly<Record<string, Is>>): Is =>
  (value) =>
    isRecord(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    Object.entries(fields).every(([name, is]) => is(value[name]));

/** One of several kinds, by its field `kind`. */
const kinds =
  (by: Readonly<Record<string, Readonly<Record<string, Is>>>>): Is =>
  (value) => {
    if (!isRecord(value) || typeof value.kind !== 'string' || !Object.hasOwn(by, value.kind)) return false;
    return objectOf({ kind: isText, ...by[value.kind] })(value);
  };

const texts = listOf(isText);

const isLevel = within(0, 255);
const isShare = within(0, 1);
const isSide: Is = (value) => isSize(value) && (value as number) <= limits.csvLine;
const isPictureShape = tuple(
  isSide,
  isSide,
  (value) => isSize(value) && (value as number) <= limits.idxChannels,
);

const isForm = objectOf({
  decimal: oneOf('.', ','),
  group: oneOf('', ',', '.', ' ', "'"),
  unit: (value) => isText(value) && (value as string).length <= 3,
});

const isFeatures = kinds({
  bytes: { shape: isPictureShape, white: maybe(isSize) },
  floats: {
    shape: tuple(isSize),
    columns: listOf(
      kinds({ number: { name: isText, form: maybe(isForm) }, category: { name: isText, words: texts } }),
    ),
  },
});

const isTargets = kinds({
  classes: {
    count: (value) => isSize(value) && (value as number) <= limits.classes,
    names: maybe(texts),
    column: maybe(isText),
  },
  values: { names: texts },
  flags: { names: texts, yes: maybe(texts), no: maybe(texts) },
});

const isPreparation = kinds({
  pixels: {},
  columns: {
    columns: listOf(
      kinds({
        number: {
          name: isText,
          shift: isNumber,
          scale: isNumber,
          missing: maybe(isNumber),
          flagged: maybe(isFlag),
        },
        category: { name: isText, words: texts, flagged: maybe(isFlag) },
      }),
    ),
  },
});

/** Boxes and strokes are measured, so they may be a little larger than the picture. */
const isMeasure = within(0, limits.pictureSide);

const isDrawings = objectOf({
  paper: isLevel,
  ink: isLevel,
  box: isMeasure,
  centring: oneOf('mass', 'box'),
  stroke: isMeasure,
  widest: isMeasure,
  several: isShare,
  placed: isFlag,
  grounds: listOf(tuple(isLevel, isSize)),
  limits: objectOf({ contrast: isMeasure, box: tuple(isMeasure, isMeasure), off: isMeasure }),
});

const fieldsOfSignature = objectOf({
  features: isFeatures,
  targets: isTargets,
  preparation: isPreparation,
  unit: objectOf({ mean: listOf(isNumber), deviation: listOf(isNumber) }),
  pictures: maybe(
    objectOf({
      shape: isPictureShape,
      range: tuple(isLevel, isLevel),
      blank: isFlag,
      resized: isFlag,
      drawings: orNull(isDrawings),
    }),
  ),
});

/** Whether there is a name for each class, and for each flag the words for yes and no. */
function areNamesEnough(targets: Signature['targets']): boolean {
  if (targets.kind === 'classes')
    return targets.names === undefined || targets.names.length === targets.count;
  if (targets.kind === 'values') return true;
  return [targets.yes, targets.no].every((words) => !words || words.length === targets.names.length);
}

/** A signature whose parts fit one another. */
export function isSignature(value: unknown): value is Signature {
  if (!fieldsOfSignature(value)) return false;
  const { features, targets, preparation, unit, pictures } = value as Signature;
  if (!areNamesEnough(targets)) return false;
  if (pictures && String(pictures.shape) !== String(features.shape)) return false;
  const outputs = targets.kind === 'classes' ? 1 : targets.names.length;
  if (unit.mean.length !== outputs || unit.deviation.length !== outputs || outputs === 0) return false;
  if (features.kind === 'bytes') return preparation.kind === 'pixels';
  const [width] = features.shape;
  return (
    preparation.kind === 'columns' &&
    features.columns.length === width &&
    preparation.columns.length === width &&
    preparation.columns.every(({ kind }, c) => kind === features.columns[c]!.kind)
  );
}

/** JSON has no NaN and no infinity: they become null, as figures of a network that diverges. */
const isFigures: Is = (value) =>
  isRecord(value) && 'loss' in value && Object.values(value).every(orNull(isNumber));

const fieldsOfPosition = objectOf({
  steps: isCount,
  tally: objectOf({ sums: listOf(isNumber), seen: isCount }),
  history: listOf(
    objectOf({
      epoch: within(0, Number.MAX_SAFE_INTEGER),
      step: isCount,
      learningRate: isNumber,
      train: isFigures,
      validation: maybe(isFigures),
    }),
  ),
});

export function isPosition(value: unknown): value is Omit<Position, 'tensors' | 'epochs'> {
  return fieldsOfPosition(value);
}

export function isNumbers(value: unknown): value is number[] {
  return listOf(isNumber)(value);
}
