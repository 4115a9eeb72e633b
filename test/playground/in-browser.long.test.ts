// docs/playground.html with other choices than most, and forward and back.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeInBrowser, useBrowser } from '../support/browser.ts';
import { at, expectDigestOfCommand, page, text, wordsOf } from '../support/playground.ts';

describeInBrowser('the playground', () => {
  const open = useBrowser();

  test.each([
    ['spirals', 'source=spirals&epochs=2&noise=0.1&schedule=cosine&dropout=0.2&optimizer=momentum'],
    ['digits', 'source=mnist-2000&epochs=1&units=20&batchSize=64&optimizer=rmsprop&schedule=cosine'],
  ])('the digest of %s is that of the command', (_, choice) => expectDigestOfCommand(open, choice));

  test('forward and back, it comes by the same weights, and each step has its command', async () => {
    const { page: it } = await open(page('source=two-moons&epochs=2&batchSize=16&learningRate=0.02'));
    const to = async (step: number) => {
      await it.fill('#time', String(step));
      await at(it, step);
      return text(it, 'digest');
    };
    const drawn = () => it.evaluate('document.getElementById("plane").toDataURL()');
    const seventh = await to(7);
    const picture = await drawn();
    const command = await text(it, 'command');
    expect(command).toContain('--set steps=7');
    const later = await to(61);
    expect(later).not.toBe(seventh);
    await it.click('#back');
    await it.click('#step');
    await at(it, 61);
    expect(await text(it, 'digest')).toBe(later);
    expect(await to(7)).toBe(seventh);
    expect(await drawn()).toBe(picture);
    // The command line itself prints it.
    const cli = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
    const args = [
      cli,
      ...wordsOf(command).slice(2),
      '--out',
      join(mkdtempSync(join(tmpdir(), 'lockstep-')), 'run'),
    ];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })).toContain(
      `sha256 ${seventh}`,
    );
  });
});
