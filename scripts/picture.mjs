// Draws docs/train.svg, the README's picture: the output of `train` in a real run of the default experiment.
// Usage: npm run build && node scripts/picture.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-picture-'));
const run = spawnSync(process.execPath, [program, '--threads', '2'], { cwd: folder, encoding: 'utf8' });
rmSync(folder, { recursive: true, force: true });
if (run.status !== 0) throw new Error(run.stderr);

const lines = [
  '$ npx train --threads 2',
  ...run.stderr.trimEnd().split('\n'),
  '',
  ...run.stdout.trimEnd().split('\n'),
];
const [letter, row, margin] = [8.4, 19, 18];
const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * letter + 2 * margin);
const height = lines.length * row + 2 * margin;
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The style of a line: the command, the headings and the result stand out. */
function style(line) {
  if (line.startsWith('$') || line.startsWith('test accuracy') || line.startsWith('lockstep'))
    return ' class="strong"';
  return /^\s+epoch\s+loss/.test(line) ? ' class="dim"' : '';
}

const text = lines
  .map((line, i) => {
    const y = margin + (i + 0.75) * row;
    return `<text x="${margin}" y="${y}"${style(line)} xml:space="preserve">${escaped(line)}</text>`;
  })
  .join('\n');
writeFileSync(
  new URL('../docs/train.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img"
  aria-label="Terminal: npx train trains MNIST and prints the figures of each epoch, the test accuracy and
the digest of the weights">
<style>
text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d6deeb; }
.strong { font-weight: bold; fill: #ffffff; }
.dim { fill: #8a98ad; }
</style>
<rect width="100%" height="100%" rx="8" fill="#16202e"/>
${text}
</svg>
`,
);
