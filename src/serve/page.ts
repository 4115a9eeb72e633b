/** `GET /`: a page that says what the network reads, how to ask it, and asks it. It loads nothing else. */
import { createHash } from 'node:crypto';
import type { Reply } from '../http/reply.ts';
import { html, type Markup, raw } from '../report/page/markup.ts';
import type { ModelFacts } from './model-facts.ts';
import { pageScript } from './page-script.ts';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
pre, textarea { font: 0.85rem/1.45 ui-monospace, monospace; box-sizing: border-box; width: 100%; }
pre { overflow: auto; padding: 0.7rem; border: 1px solid #8886; border-radius: 0.3rem; }
pre.result { max-height: 24rem; }
dt { font-weight: 600; }
dd { margin: 0 0 0.4rem; overflow-wrap: anywhere; }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(pageScript)}`,
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Columns, words or classes that the page names. */
const mostNamed = 40;

/** The page of a server that can be called at `url`. */
export function pageReply(facts: ModelFacts, url: string): Reply {
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    text: pageOf(facts, url).text,
    headers: { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' },
  };
}

function pageOf(facts: ModelFacts, url: string): Markup {
  const example = exampleBody(facts);
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${facts.name}</title>
<style>${raw(style)}</style>
<h1>${facts.name}</h1>
<dl>
<dt>reads</dt><dd>${inputText(facts)}</dd>
<dt>predicts</dt><dd>${outputText(facts)}</dd>
<dt>weights</dt>
<dd>epoch ${facts.epoch}, ${facts.checkpoint}, sha256 ${facts.weightsSha256}</dd>
</dl>
<h2>Try it</h2>
${facts.input.kind === 'pictures' ? html`<p><input type="file" id="file" accept="image/png,image/jpeg"></p>` : ''}
<p><label>rows, as JSON<textarea id="rows" rows="6" spellcheck="false">${example}</textarea></label></p>
<p><button id="send">predict</button></p>
<pre class="result" id="result" aria-live="polite"></pre>
<h2>From a program</h2>
${commandsOf(facts, url).map((command) => html`<pre>${command}</pre>`)}
<p><a href="/model">/model</a> says what the network reads; <a href="/health">/health</a> how the server is.</p>
<script>${raw(pageScript)}</script>
</html>
`;
}

function named(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return names.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function inputText({ input }: ModelFacts): string {
  if (input.kind === 'pictures') {
    const { height, width, channels } = input;
    return `pictures of ${height} x ${width} pixels, ${channels === 1 ? 'grey' : 'in colours'}`;
  }
  const columns = input.columns.map(({ name, kind }) => `${name} (${kind})`);
  return `rows of ${columns.length === 1 ? 'one column' : `${columns.length} columns`}: ${named(columns)}`;
}

function outputText({ task, output }: ModelFacts): string {
  const what = `${named(output.names)}, as ${task}`;
  return output.classes ? `${what}: ${named(output.classes)}` : what;
}

/** A row that the network can read. Of pictures a black one. */
function exampleBody({ input }: ModelFacts): string {
  if (input.kind === 'table') {
    const cells = input.columns.map(({ name, words }) => [name, words?.[0] ?? 0]);
    return JSON.stringify({ rows: [Object.fromEntries(cells)] });
  }
  const pixels = input.height * input.width * input.channels;
  return pixels > 4096 ? '' : JSON.stringify({ rows: [new Array(pixels).fill(0)] });
}

function commandsOf(facts: ModelFacts, url: string): string[] {
  const curl = (type: string, body: string) =>
    `curl ${url}/predict -H 'Content-Type: ${type}' --data-binary ${body}`;
  const files = [curl('text/csv', '@rows.csv'), curl('application/json', '@rows.json')];
  if (facts.input.kind === 'pictures') return [curl('image/png', '@picture.png'), ...files];
  const quoted = exampleBody(facts).replaceAll("'", "'\\''");
  return quoted.length > 1000 ? files : [curl('application/json', `'${quoted}'`), files[0]!];
}
