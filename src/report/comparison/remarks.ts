/** What of several runs cannot be compared, and what is the very same, in sentences. */
import { shortEpoch } from '../../foundation/format.ts';
import type { Compared } from './facts.ts';

/** Sentences to be read before the figures. Empty: all can be compared. */
export function remarksOn(compared: readonly Compared[]): string[] {
  return [
    ...ofTasks(compared),
    ...ofData(compared),
    ...ofLosses(compared),
    ...ofTestSets(compared),
    ...ofEndings(compared),
  ];
}

/** Runs that ended with the same weights, if there are some. */
export function sameBits(compared: readonly Compared[]): Compared[][] {
  return groupsBy(compared, digestOf).filter(({ length }) => length > 1);
}

/** Of one or several trainings that all came to an end. */
function digestOf({ runs }: Compared): string | undefined {
  const digests = runs.map(({ summary }) => summary?.weightsSha256);
  return digests.includes(undefined) ? undefined : digests.join();
}

function ofTasks(compared: readonly Compared[]): string[] {
  const groups = groupsBy(compared, ({ task }) => task);
  if (groups.length === 1) return [];
  const what = groups.map(
    (group) => `${names(group)} ${group.length > 1 ? 'predict' : 'predicts'} ${group[0]!.task}`,
  );
  return [`${what.join('; ')}. Their figures are not the same, and stand apart.`];
}

function ofData(compared: readonly Compared[]): string[] {
  const groups = groupsBy(compared, dataOf);
  if (groups.length < 2) return [];
  const what = groups.map((group) => {
    const digests = dataOf(group[0]!)!.split(',');
    const on = digests.length > 1 ? `${digests.length} folds` : `sha256 ${digests[0]!.slice(0, 8)}`;
    return `${names(group)} on ${on}`;
  });
  return [
    `They were not trained and tested on the same data: ${what.join('; ')}. ` +
      'Figures of different test sets say little about which run is better.',
  ];
}

/** The digests cover training and test set, so those of two folds differ. */
function dataOf({ runs }: Compared): string | undefined {
  const digests = runs.map(({ summary }) => summary?.dataSha256);
  if (digests.includes(undefined)) return undefined;
  return [...new Set(digests)].join();
}

function ofLosses(compared: readonly Compared[]): string[] {
  const lossOf = ({ runs }: Compared) => {
    const { loss, classWeights } = runs[0]!.experiment;
    return JSON.stringify([loss, classWeights]);
  };
  const differ = groupsBy(compared, ({ task }) => task).some((group) => groupsBy(group, lossOf).length > 1);
  return differ
    ? ['They do not minimise the same loss, so the values of their losses cannot be compared.']
    : [];
}

function ofTestSets(compared: readonly Compared[]): string[] {
  const watched = compared.filter(({ runs }) =>
    runs.some(({ experiment }) => experiment.data.monitor === 'test'),
  );
  if (watched.length === 0 || watched.length === compared.length) return [];
  return [
    `The second curves of ${names(watched)} are of the test set, those of the others of a validation set.`,
  ];
}

/** Those that have no figures on the test set, and why. */
function ofEndings(compared: readonly Compared[]): string[] {
  const single = compared.filter(({ kind, runs }) => kind === 'run' && !runs[0]!.summary?.test);
  const summaryOf = ({ runs }: Compared) => runs[0]!.summary;
  const told = (why: string, those: readonly Compared[]) =>
    those.length === 0
      ? []
      : [`Without figures on the test set, because ${why}: ${list(those.map(withEpochs))}.`];
  return [
    ...told(
      'not judged',
      single.filter((one) => summaryOf(one)?.stopped === false),
    ),
    ...told(
      'stopped',
      single.filter((one) => summaryOf(one)?.stopped),
    ),
    ...told(
      'under way, or ended in the middle',
      single.filter((one) => !summaryOf(one)),
    ),
    ...compared.filter(({ kind }) => kind !== 'run').flatMap(ofParts),
  ];
}

/** `one (2 epochs)` */
function withEpochs({ name, runs }: Compared): string {
  const { summary, epochs } = runs[0]!;
  const done = epochs.at(-1)?.epoch ?? summary?.epochs ?? 0;
  return `${name} (${shortEpoch(done)} ${done === 1 ? 'epoch' : 'epochs'})`;
}

function ofParts({ name, kind, runs }: Compared): string[] {
  const judged = runs.filter(({ summary }) => summary?.test).length;
  if (judged === runs.length) return [];
  return [`Of ${name}, ${judged} of ${runs.length} ${kind}s that were begun have figures on the test set.`];
}

/** Those that are alike, in their order. What has no key is left out. */
export function groupsBy<Item>(items: readonly Item[], key: (item: Item) => string | undefined): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const of = key(item);
    if (of !== undefined) groups.set(of, [...(groups.get(of) ?? []), item]);
  }
  return [...groups.values()];
}

export function names(compared: readonly Compared[]): string {
  return list(compared.map(({ name }) => name));
}

/** `a, b and c` */
function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
