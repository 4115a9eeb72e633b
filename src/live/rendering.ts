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
  /** Each piece by its name, as the event that brings it: made once for all viewers. */
  news: ReadonlyMap<string, Piece>;
}

export interface Piece {
  content: string;
  event: string;
}

/** An event of a stream. */
export const eventText = (event: string, data: string): string => `event: ${event}\ndata: ${data}\n\n`;

/** @param before of which what stays the same is taken over */
export function renderingOf(source: LiveSource, id: string, before?: Rendering): Rendering {
  const page = source.page();
  const news = new Map<string, Piece>();
  const add = (name: string, content: string, eventOf: () => string) => {
    const known = before?.news.get(name);
    news.set(name, known?.content === content ? known : { content, event: eventOf() });
  };
  for (const [name, { text }] of Object.entries(page.parts)) {
    add(`part ${name}`, text, () => eventText('part', JSON.stringify({ name, html: text })));
  }
  const charts = JSON.stringify(page.charts);
  add('charts', charts, () => eventText('charts', charts));
  return { id, page, news };
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
