/** A look at what is to be predicted: classes that are missing, too many classes, targets that never vary. */
import type { Targets } from '../../contracts/task.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { grouped } from '../../foundation/format.ts';
import type { Dataset, Samples } from '../dataset.ts';

/** Names that are told; of more only the number. */
const mostNamed = 6;

/** A data set of so many samples may show a class once each, to try something out. */
const fewSamples = 20;

/** @throws LockstepError `data` if nothing can be learnt */
export function lookAtTargets(dataset: Dataset): string[] {
  const { targets } = dataset;
  return targets.kind === 'classes' ? lookAtClasses(dataset, targets) : lookAtNumbers(dataset, targets);
}

type Classes = Targets & { kind: 'classes' };

function lookAtClasses(dataset: Dataset, targets: Classes): string[] {
  const { train, test } = dataset;
  const trained = classCounts(train, targets.count);
  const tested = classCounts(test, targets.count);
  const all = [...trained.keys()];
  const used = all.filter((c) => trained[c]! > 0);
  if (used.length < 2) throw oneClass(dataset, targets, used[0]);
  if (used.length === train.count && train.count > fewSamples) throw noClassTwice(dataset, targets);
  const warnings: string[] = [];
  if (2 * used.length > train.count) {
    warnings.push(
      `${grouped(used.length)} classes in ${grouped(train.count)} training samples: ` +
        'most have a single one; is the target an id, or a value to predict?',
    );
  }
  const untrained = all.filter((c) => trained[c] === 0 && tested[c]! > 0);
  if (untrained.length > 0) {
    const samples = untrained.reduce((sum, c) => sum + tested[c]!, 0);
    const one = samples === 1;
    warnings.push(
      `the test set has ${grouped(samples)} ${one ? 'sample' : 'samples'} of ` +
        `${classesText(targets, untrained)}, of which there is no training sample`,
    );
  }
  const absent = all.filter((c) => trained[c] === 0 && tested[c] === 0);
  if (absent.length > 0) {
    const occurs = absent.length === 1 ? 'occurs' : 'occur';
    const occurring = grouped(targets.count - absent.length);
    warnings.push(
      `${classesText(targets, absent)} never ${occurs}: ` +
        `${occurring} of ${grouped(targets.count)} classes are used`,
    );
  }
  return warnings;
}

/** Samples of each class. (count) */
export function classCounts({ targets }: Pick<Samples, 'targets'>, count: number): Uint32Array {
  const counts = new Uint32Array(count);
  for (let i = 0; i < targets.length; i++) counts[targets[i]!]!++;
  return counts;
}

/** `class 10`, `classes "a", "b" and 3 more` */
function classesText(targets: Classes, classes: readonly number[]): string {
  const shown = classes.slice(0, mostNamed).map((c) => className(targets, c));
  const more = classes.length - shown.length;
  const last = more > 0 ? `${grouped(more)} more` : shown.pop()!;
  const list = shown.length > 0 ? `${shown.join(', ')} and ${last}` : last;
  return `${classes.length === 1 ? 'class' : 'classes'} ${list}`;
}

const className = ({ names }: Classes, c: number) => (names ? JSON.stringify(names[c]) : String(c));

function oneClass(
  { name, features, train }: Dataset,
  targets: Classes,
  only: number | undefined,
): LockstepError {
  const all = train.count === 1 ? 'the only one' : `all ${grouped(train.count)}`;
  return new LockstepError('data', {
    where: name,
    expected: 'training samples of at least two classes',
    got: only === undefined ? 'none' : `class ${className(targets, only)} for ${all}`,
    hint:
      features.kind === 'floats'
        ? 'data.target says which column is predicted'
        : 'in a CSV file, data.target says which column holds the labels; ' +
          'rows without labels are for `train predict`',
  });
}

function noClassTwice({ name, train }: Dataset, { column, names }: Classes): LockstepError {
  const word = names?.find((text) => Number.isNaN(Number(text)));
  const where = column === undefined ? '' : ` in column ${JSON.stringify(column)}`;
  return new LockstepError('data', {
    where: name,
    expected: `classes of several samples each${where}`,
    got: `another class for each of ${grouped(train.count)} training samples, as an id has`,
    hint:
      word === undefined
        ? 'data.target says what is predicted; to predict a value, take the loss mean-squared-error'
        : `it holds words, such as ${JSON.stringify(word.slice(0, 40))}; data.target says what is predicted`,
  });
}

/** Values and flags that are the same in each training sample. */
function lookAtNumbers({ name, train }: Dataset, targets: Exclude<Targets, Classes>): string[] {
  const { names, kind } = targets;
  const { targets: numbers, count } = train;
  const width = names.length;
  const constant = names.filter((_, c) => {
    for (let row = 1; row < count; row++) if (numbers[row * width + c] !== numbers[c]) return false;
    return true;
  });
  const what = kind === 'flags' ? 'flag' : 'value';
  if (constant.length === names.length) {
    throw new LockstepError('data', {
      where: name,
      expected: `a ${what} to predict that varies`,
      got: `the same ${JSON.stringify(names[0])} in all ${grouped(count)} training samples`,
      hint: 'data.target says which column is predicted',
    });
  }
  return constant.map(
    (column) =>
      `the ${what} ${JSON.stringify(column)} is ${numbers[names.indexOf(column)]} in every training sample`,
  );
}
