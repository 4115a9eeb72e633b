import { describe, expect, test } from 'vitest';
import { bestEpoch } from '#lockstep/report/best-epoch.js';
import { html, jsonElement, raw } from '#lockstep/report/page/markup.js';
import type { RunFacts } from '#lockstep/run/run-facts.js';

describe('markup', () => {
  test('escapes what is put in, in text and attributes, at any depth', () => {
    const bad = `<b a="1" c='2'>&`;
    const escaped = '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;';
    expect(html`<p title="${bad}">${[bad, [html`<i>${bad}</i>`]]}</p>`.text).toBe(
      `<p title="${escaped}">${escaped}<i>${escaped}</i></p>`,
    );
  });
  test('leaves out what is not there, and keeps markup', () => {
    expect(html`<p>${undefined}${0}${raw('<br>')}${''}</p>`.text).toBe('<p>0<br></p>');
  });
  test('JSON in a page cannot end its element, and is read back as it was', () => {
    const value = { text: '</script><!--', list: [1, null] };
    const { text } = jsonElement('x', value);
    const inside = /^<script type="application\/json" id="x">(.*)<\/script>$/.exec(text)![1]!;
    expect(inside).not.toContain('<');
    expect(JSON.parse(inside)).toEqual(value);
  });
});

describe('the best epoch', () => {
  const rows = [
    [0.5, 0.9],
    [0.3, 0.8],
    [0.4, 0.9],
  ].map(([loss, accuracy], i) => ({
    epoch: i + 1,
    validation: { loss, accuracy, precision: 0, recall: 0, f1: 0 },
  }));
  const facts = (monitor: string, more: object, summary?: object) =>
    ({
      epochs: rows,
      experiment: { data: { monitor }, loss: { kind: 'softmax-cross-entropy' }, ...more },
      summary,
    }) as unknown as RunFacts;

  test('is that of the summary', () => {
    expect(bestEpoch(facts('validation', {}, { bestEpoch: 3 }))?.epoch).toBe(3);
    expect(bestEpoch(facts('validation', {}, { bestEpoch: null }))).toBeUndefined();
  });
  test('of a training that did not end is the first of the highest accuracy, or of what was watched', () => {
    expect(bestEpoch(facts('validation', {}))).toEqual({
      epoch: 1,
      why: 'by the validation accuracy, 90.00 %',
    });
    const earlyStopping = { metric: 'loss', patience: 2, minDelta: 0 };
    expect(bestEpoch(facts('validation', { earlyStopping }))?.epoch).toBe(2);
  });
  test('of values is that of the least RMSE, though the loss of the run is for classes, too', () => {
    const values = [30, 10, 20].map((rmse, i) => ({
      epoch: i + 1,
      validation: { loss: 1, rmse, mae: 1, r2: 0 },
    }));
    const failed = { ...facts('validation', { loss: { kind: 'mean-squared-error' } }), epochs: values };
    expect(bestEpoch(failed as unknown as RunFacts)).toEqual({
      epoch: 2,
      why: 'by the validation RMSE, 10.00',
    });
  });
  test('is not told by the test set', () => {
    expect(bestEpoch(facts('test', {}))).toBeUndefined();
  });
});
