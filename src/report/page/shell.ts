/** The frame of every page, which is one file that needs no server and no network. */
import { style } from './assets.ts';
import { type Content, html, raw } from './markup.ts';

/** The page may load nothing from anywhere: it contains all that it needs. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/**
 * The whole page. `behind` comes after all that is visible.
 *
 * @param served the page may ask the server that it came from
 */
export function shell(title: string, body: Content, behind?: Content, { served = false } = {}): string {
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}${served ? "; connect-src 'self'" : ''}">
<title>${title}</title>
<style>
${raw(style())}</style>
</head>
<body>
<main>
${body}
</main>
${behind}</body>
</html>
`;
  return markup.text;
}
