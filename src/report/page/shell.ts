/** The frame of every page, which is one file that needs no server and no network. */
import { mapStyle, style, tryStyle } from './assets.ts';
import { type Content, html, raw } from './markup.ts';

/** What the page needs beside its markup. */
export interface ShellOptions {
  /** The page may ask the server that it came from. */
  served?: boolean;
  /** It has a network that is tried. A page that is served may become such a page. */
  tried?: boolean;
  /** It shows feature maps. */
  mapped?: boolean;
}

/** The page may load nothing from anywhere: it contains all that it needs. */
function policyOf({ served = false, tried = false }: ShellOptions): string {
  const kernels = served || tried ? " 'wasm-unsafe-eval'" : '';
  const server = served ? "; connect-src 'self'" : '';
  const script = `script-src 'unsafe-inline'${kernels}`;
  return `default-src 'none'; style-src 'unsafe-inline'; ${script}; img-src data:${server}`;
}

function stylesFor({ tried = false, mapped = false }: ShellOptions): string {
  return `${style()}${tried ? tryStyle() : ''}${mapped ? mapStyle() : ''}`;
}

/** The whole page. `behind` comes after all that is visible. */
export function shell(title: string, body: Content, behind?: Content, options: ShellOptions = {}): string {
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policyOf(options)}">
<title>${title}</title>
<style>
${raw(stylesFor(options))}</style>
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
