// A server predicts what `train predict` and the library predict, bit for bit: all tasks and forms of rows.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { openRun } from '#lockstep/run/open-run.js';
import { runTrain } from '../support/run-cli.ts';
import { predict, send, serveRun, trainedRun } from '../support/served.ts';
import { toyFiles } from '../support/toy-data.ts';

/** The lines of `train predict`, as objects. */
async function predicted(run: string, file: string, ...more: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout } = await runTrain(['predict', run, file, '--json', ...more], { cwd: dirname(run) });
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The first rows of the table, as CSV and as objects. */
function tableRows(run: string, count: number) {
  const lines = readFileSync(join(dirname(run), 'table.csv'), 'utf8')
    .split('\n')
    .slice(0, count + 1);
  const rows = lines.slice(1).map((line) => {
    const [x, idle, place] = line.split(',');
    return { x: Number(x), idle: Number(idle), place };
  });
  return { csv: `${lines.join('\n')}\n`, rows };
}

test('of a table, JSON, CSV and `train predict` agree; classes and probabilities by name', async () => {
  const run = await trainedRun('classes');
  const { url } = await serveRun(run);
  const lines = await predicted(run, 'table.csv', '--probabilities');
  const { csv, rows } = tableRows(run, 50);
  const wanted = lines.slice(0, 50).map(({ kind, ...line }) => ({
    class: kind,
    probabilities: Object.fromEntries(
      Object.entries(line).flatMap(([name, value]) =>
        name.startsWith('p_') ? [[name.slice(2), value]] : [],
      ),
    ),
  }));
  expect(Object.keys(wanted[0]!.probabilities).sort()).toEqual(['<b>yew</b>', 'ash', 'beech']);
  const byName = await predict(url, { rows });
  expect(byName.json.predictions).toEqual(wanted);
  expect(byName.json.weightsSha256).toBe((await openRun(run)).summary!.weightsSha256);
  const cells = rows.map(({ x, idle, place }) => [String(x), idle, place]);
  expect((await predict(url, cells)).json.predictions).toEqual(wanted);
  expect((await predict(url, csv, { type: 'text/csv' })).json.predictions).toEqual(wanted);
  // Markup of a class does not become markup of the page.
  const { text } = await send(url);
  expect(text).toContain('&lt;b&gt;yew');
  expect(text).not.toContain('<b>yew');
});

test('what is unknown or wrong in a table is told', async () => {
  const { url } = await serveRun(await trainedRun('classes'));
  const strange = await predict(url, [{ x: 1, idle: 1, place: 'west', colour: 'red' }]);
  expect(strange.json.notes).toEqual([
    'not used: "colour"',
    'column "place" has a word in 1 row that the training did not have: "west"',
  ]);
  const wrong = await predict(url, 'x,idle,place\n1,2,north\n1,\u001b[31mtwo,south\n', { type: 'text/csv' });
  expect([wrong.status, wrong.json.error.where]).toEqual([422, 'body:3']);
  expect(wrong.json.error.got).toContain('\\u001b[31mtwo');
  const lacking = await predict(url, 'x,place\n1,north\n', { type: 'text/csv' });
  expect([lacking.status, lacking.json.error.expected]).toEqual([
    422,
    'the column "idle", which the network reads',
  ]);
  const picture = await predict(url, encode({ width: 8, height: 8, data: new Uint8Array(256) }), {
    type: 'image/png',
  });
  expect([picture.status, picture.json.error.got]).toEqual([422, 'a picture']);
  expect((await predict(url, '', { type: 'text/csv' })).status).toBe(400);
  expect((await predict(url, 'x,idle,place\n', { type: 'text/csv' })).status).toBe(422);
});

test('values and flags by name', async () => {
  for (const task of ['values', 'flags'] as const) {
    const run = await trainedRun(task);
    const { url } = await serveRun(run);
    const { csv, rows } = tableRows(run, 20);
    const names = task === 'values' ? ['price', 'weight'] : ['wet', 'cold'];
    const lines = (await predicted(run, 'table.csv', ...(task === 'flags' ? ['--probabilities'] : []))).slice(
      0,
      20,
    );
    const pick = (line: Record<string, unknown>, front: string) =>
      Object.fromEntries(names.map((name) => [name, line[front + name]]));
    const wanted = lines.map((line) =>
      task === 'values'
        ? { values: pick(line, '') }
        : { flags: pick(line, ''), probabilities: pick(line, 'p_') },
    );
    expect((await predict(url, rows)).json.predictions).toEqual(wanted);
    expect((await predict(url, csv, { type: 'text/csv' })).json.predictions).toEqual(wanted);
  }
});

test('pictures: arrays, lines, CSV and PNG agree, one by one and many at a time', async () => {
  const run = await trainedRun('pictures');
  const { url } = await serveRun(run);
  const { 't10k-images-idx3-ubyte': file } = toyFiles();
  const pictures = Array.from({ length: 60 }, (_, i) =>
    Uint8Array.from(file!.subarray(16 + 64 * i, 80 + 64 * i)),
  );
  const model = await openRun(run);
  const wanted = pictures.map((picture) => ({
    class: Number(model.predict(picture)[0]),
    probabilities: Object.fromEntries([...model.probabilities(picture)].map((p, c) => [String(c), p])),
  }));
  expect(
    (
      await predict(
        url,
        pictures.map((picture) => [...picture]),
      )
    ).json.predictions,
  ).toEqual(wanted);
  const lines = pictures.map((picture) =>
    Array.from({ length: 8 }, (_, y) => [...picture.slice(8 * y, 8 * y + 8)]),
  );
  const header = Array.from({ length: 64 }, (_, i) => `pixel${i}`).join(',');
  // All at a time, so that they go through the network together.
  const answers = await Promise.all(
    pictures.flatMap((picture, i) => [
      predict(url, [lines[i]]),
      predict(url, encode({ width: 8, height: 8, channels: 1, data: picture }), { type: 'image/png' }),
      predict(url, `${header}\n${picture.join(',')}\n`, { type: 'text/csv' }),
    ]),
  );
  for (const [at, { json }] of answers.entries()) {
    expect(json.predictions).toEqual([wanted[Math.floor(at / 3)]]);
  }
  const white = encode({ width: 20, height: 20, channels: 1, data: new Uint8Array(400).fill(255) });
  const blank = await predict(url, white, { type: 'image/png' });
  expect([blank.status, blank.json.error.got]).toEqual([422, 'an image of one colour']);
  const asIs = await predict(url, white, { type: 'image/png', query: '?as-is' });
  expect([asIs.status, asIs.json.notes]).toEqual([200, ['resized to 8 x 8']]);
  expect((await predict(url, 'nothing', { type: 'image/jpeg' })).status).toBe(422);
});
