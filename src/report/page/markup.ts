/** Markup for the report. A template escapes all that is put into it, except markup. */

import { visible } from '../../foundation/visible.ts';

/** A piece of a page; made by `html` and `raw` only. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The contents that a template accepts. `undefined` writes nothing. */
export type Content = Markup | string | number | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return visible(String(content), '\n\t\r').replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A template: html`<p>${anything}</p>`. Attributes must be in quotes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => part + textOf(contents[i])).join(''));
}

/** Wraps text that is markup already: our own styles and programs. */
export function raw(text: string): Markup {
  return new Markup(text);
}

/** Plain values as JSON in a page, for programs. It contains no `<`, so nothing can end the element early. */
export function jsonElement(id: string, value: unknown): Markup {
  const text = JSON.stringify(value).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">${raw(text)}</script>`;
}
