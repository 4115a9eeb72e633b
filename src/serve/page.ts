/**
 * `GET /`: a page on which the network is tried, and which says how programs ask for it. It loads nothing
 * else. If it can carry the network, it computes its answers itself, with the bits of the server's.
 */
import { createHash } from 'node:crypto';
import type { PictureProfile } from '../data/pictures/profile.ts';
import type { Reply } from '../http/reply.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { tryPage } from '../report/page/try-page.ts';
import { type TriedNetwork, whyNotCarried } from '../report/page/try-part.ts';
import type { TrainedNetwork } from '../run/read-trained.ts';
import type { ModelFacts } from './model-facts.ts';

/** The network as the page has it: in it if it is small, or behind the server. */
export function triedNetwork(trained: TrainedNetwork, profile: PictureProfile | undefined): TriedNetwork {
  const tried = { ...trained, profile, samples: [] };
  return { ...tried, asks: whyNotCarried(tried) !== undefined };
}

/** Columns, words or classes that the page names. */
const mostNamed = 40;

/** The page of a server that can be called at `url`. */
export function pageReply(facts: ModelFacts, tried: TriedNetwork, url: string): Reply {
  const text = tryPage(tried, { below: below(facts, url), served: true });
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    text,
    headers: { 'content-security-policy': policyOf(text), 'referrer-policy': 'no-referrer' },
  };
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Only the styles and programs of this very text may run. Nothing that a user has named can look like one: in
 * texts and in JSON there is no `<`.
 */
function policyOf(page: string): string {
  const contents = (pattern: RegExp) =>
    [...page.matchAll(pattern)].map(([, text]) => hashOf(text!)).join(' ');
  const styles = contents(/<style>([\s\S]*?)<\/style>/g);
  const programs = contents(/<script type="(?:module|text\/plain)"[^>]*>([\s\S]*?)<\/script>/g);
  return [
    "default-src 'none'",
    `style-src ${styles}`,
    `script-src ${programs} 'wasm-unsafe-eval'`,
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function below(facts: ModelFacts, url: string): Markup {
  return html`<section>
<h2>From a program</h2>
<dl class="facts">
<div><dt>reads</dt><dd>${inputText(facts)}</dd></div>
<div><dt>predicts</dt><dd>${outputText(facts)}</dd></div>
<div><dt>weights</dt><dd>epoch ${facts.epoch}, ${facts.checkpoint}, sha256 ${facts.weightsSha256}</dd></div>
</dl>
${commandsOf(facts, url).map((command) => html`<pre>${command}</pre>`)}
<p><a href="/model">/model</a> says what the network reads; <a href="/health">/health</a> how the server is.</p>
</section>
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
