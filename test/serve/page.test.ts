// The page and its program: it must run, send what it is given, and show nothing but visible text.
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { pageScript } from '#lockstep/serve/page-script.js';

interface Element {
  value: string;
  textContent: string;
  files: { type: string }[];
  listeners: Map<string, () => void>;
  addEventListener(kind: string, listener: () => void): void;
}

function runPage(answer: unknown) {
  const elements = new Map<string, Element>();
  const sent: { path: string; options: Record<string, unknown> }[] = [];
  for (const id of ['file', 'rows', 'send', 'result']) {
    const listeners = new Map<string, () => void>();
    elements.set(id, {
      value: '[[1]]',
      textContent: '',
      files: [{ type: 'image/png' }],
      listeners,
      addEventListener: (kind, listener) => void listeners.set(kind, listener),
    });
  }
  const fetch = async (path: string, options: Record<string, unknown>) => {
    sent.push({ path, options });
    return { json: async () => answer };
  };
  const document = { getElementById: (id: string) => elements.get(id) };
  new Script(pageScript).runInNewContext({ document, fetch });
  const act = async (id: string, kind: string) => {
    elements.get(id)!.listeners.get(kind)!();
    await new Promise(setImmediate);
    return elements.get('result')!.textContent;
  };
  return { sent, act };
}

test('it sends rows and pictures to /predict with their types', async () => {
  const { sent, act } = runPage({ predictions: [] });
  expect(await act('send', 'click')).toBe('{\n  "predictions": []\n}');
  await act('file', 'change');
  expect(sent).toEqual([
    {
      path: '/predict',
      options: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[[1]]' },
    },
    {
      path: '/predict',
      options: { method: 'POST', headers: { 'content-type': 'image/png' }, body: { type: 'image/png' } },
    },
  ]);
});

test('controls and marks of direction are shown as what they are', async () => {
  const { act } = runPage({ class: 'a\u0085b\u202ec\u007f' });
  expect(await act('send', 'click')).toContain('"a\\u0085b\\u202ec\\u007f"');
});
