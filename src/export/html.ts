/**
 * A trained network as a page on which it is tried: by drawing, or with a form. It is the part of a report,
 * alone, with a network of any size in it, and needs no server and no network.
 */
import type { Samples } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import { openData } from '../data/open-dataset.ts';
import { LockstepError } from '../foundation/errors.ts';
import { inTurn } from '../report/in-turn.ts';
import { trySamples } from '../report/page/try-facts.ts';
import { tryPage } from '../report/page/try-page.ts';
import { profileOfRun } from '../run/picture-profile.ts';
import type { ExportedNetwork } from './exported.ts';
import { refuseForeignLayers, refuseLargeText } from './js.ts';

const doctype = '<!doctype html>\n';

/** The first words of the page. */
export const htmlMark = `${doctype}<!-- Made by Lockstep: a network to try`;

/** Pictures of the test set that come along, of all classes in turn. */
const mostPictures = 48;

/** @throws LockstepError `usage` if the network has layers of the user's, or too many numbers for a text */
export async function htmlOf(exported: ExportedNetwork): Promise<{ page: string; losses: string[] }> {
  refuseForeignLayers(exported, 'html');
  refuseLargeText(exported, 'html');
  const { features } = exported.signature;
  const { profile, doubt } =
    features.kind === 'bytes' ? await profileOfRun(exported) : { profile: undefined, doubt: undefined };
  const test = await testSamples(exported);
  const losses = [doubt, typeof test === 'string' ? test : undefined].filter((line) => line !== undefined);
  const samples = typeof test === 'string' ? [] : trySamples(features, test, chosen(exported, test));
  const page = tryPage({ ...exported, profile, samples });
  return { page: `${htmlMark}, version ${exported.version} -->\n${page.slice(doctype.length)}`, losses };
}

function chosen({ signature: { features, targets } }: ExportedNetwork, test: Samples): number[] {
  if (features.kind !== 'bytes' || targets.kind !== 'classes') return [];
  const byClass: number[][] = Array.from({ length: targets.count }, () => []);
  for (const [index, label] of test.targets.entries()) byClass[label]?.push(index);
  return inTurn(byClass, mostPictures);
}

/** The samples of the test set, or why the page goes without them. */
async function testSamples({ experiment, dataSha256 }: ExportedNetwork): Promise<Samples | string> {
  const without = 'the page has no samples of the test set';
  try {
    const dataset = await openData(experiment);
    if (datasetDigest(dataset) === dataSha256) return dataset.test;
    return `${without}: the data in ${dataset.name} is no longer that of the run`;
  } catch (error) {
    if (error instanceof LockstepError) return `${without}: ${error.message}`;
    throw error;
  }
}
