/** What is shown while something is trained: a page, and figures that change all the time. */
import type { PageParts } from '../report/page/page.ts';

export interface LiveSource {
  readonly title: string;
  /** The page as of now. Called now and then, see pacer.ts. */
  page(): PageParts;
  /** What changes all the time. Cheap; called every second. */
  figures(): LiveFigures;
}

/** By the names of their elements in the page, see progress-part.ts. Plain data. */
export interface LiveFigures {
  texts: Readonly<Record<string, string>>;
  /** From 0 to 1; null if unknown. */
  shares: Readonly<Record<string, number | null>>;
  /** Somebody can be asked to stop. */
  stoppable: boolean;
}
