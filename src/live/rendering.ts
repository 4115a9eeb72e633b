/** The page as text: what is sent to viewers, part by part or as a whole. */
import { programElement } from '../report/page/assets.ts';
import { html, jsonElement, type Markup } from '../report/page/markup.ts';
import { bodyOf, type PageParts } from '../report/page/page.ts';
import { shell } from '../report/page/shell.ts';
import type { LiveFigures, LiveSource } from './source.ts';

/** What all viewers that are up to date have. */
export interface Rendering {
  /** Tells it from all others, those of other servers included. */
  id: string;
  page: PageParts;
  /** The markup of each part, by its name. */
  parts: ReadonlyMap<string, string>;
  /** As JSON. */
  charts: string;
}

export function renderingOf(source: LiveSource, id: string): Rendering {
  const page = source.page();
  const parts = new Map(Object.entries(page.parts).map(([name, { text }]) => [name, text]));
  return { id, page, parts, charts: JSON.stringify(page.charts) };
}

/** What is behind the page for its program. */
interface Behind {
  /** The server. Another one means another page. */
  session: string;
  rendering: string;
  figures: LiveFigures;
}

/** The whole page. */
export function livePage(
  title: string,
  { id, page }: Rendering,
  session: string,
  figures: LiveFigures,
): string {
  const behind: Behind = { session, rendering: id, figures };
  return shell(
    `${title} · Lockstep live`,
    bodyOf(page),
    html`${jsonElement('charts', page.charts)}
${jsonElement('live', behind)}
${program()}`,
    { served: true },
  );
}

let read: Markup | undefined;

/** Read once: a training should not wait for its own page. */
function program(): Markup {
  read ??= programElement('live');
  return read;
}
