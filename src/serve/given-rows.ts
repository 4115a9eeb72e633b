/** A body that is to be predicted, and the rows that it holds. */
import type { FeatureArray, Features } from '../data/dataset.ts';
import type { PictureProfile } from '../data/pictures/profile.ts';
import type { Signature } from '../data/split.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import { grouped } from '../foundation/format.ts';
import { Refusal } from '../http/refusal.ts';
import type { ServeLimits } from './limits.ts';

/** What is known of a network to read rows for it. Plain data. */
export interface RowRules {
  signature: Signature;
  format: DataFormat;
  /** Of the training pictures; undefined of tables. */
  profile: PictureProfile | undefined;
}

export type BodyKind = 'json' | 'csv' | 'picture';

/** A body to predict. Plain data. */
export interface Job {
  kind: BodyKind;
  body: Uint8Array;
  /** A picture is resized if need be, and otherwise left as it is. */
  asIs: boolean;
}

/** Rows as the network reads them, a word by its index among the network's own. */
export interface ReadRows {
  count: number;
  features: FeatureArray;
  /** What was noticed, for people. */
  notes: readonly string[];
}

/** Rows whose words may be in another order. */
export interface GivenRows extends ReadRows {
  like: Features;
}

/** @throws Refusal with status 413 */
export function refuseMany(count: number, { rows }: Pick<ServeLimits, 'rows'>): void {
  if (count <= rows) return;
  throw new Refusal(413, {
    where: 'body',
    expected: `at most ${grouped(rows)} rows`,
    got: `${grouped(count)} or more`,
    hint: 'send them in several requests',
  });
}
