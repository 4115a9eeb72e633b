// Exported ES modules: their bits, what they take for rows, and what they refuse.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { ExportedNetwork } from '#lockstep/export/exported.js';
import { jsOf } from '#lockstep/export/js.js';
import { temporaryFolder } from '../support/data-files.ts';
import { drawnNetwork, gaps, numbers, pictures, withTargets, words } from '../support/exported.ts';

interface Module {
  predict(rows: unknown): unknown;
  model: Record<string, unknown>;
}

async function moduleOf(exported: ExportedNetwork): Promise<Module> {
  const file = join(await temporaryFolder(), 'model.mjs');
  const { module } = await jsOf(exported);
  await writeFile(file, module.join(''));
  return import(pathToFileURL(file).href);
}

const dense = (units: number | string) => ({ kind: 'dense', units });
const toClasses = [dense(6), 'gelu', 'batch-norm', dense('classes')];
const toTargets = [dense(6), 'tanh', dense('targets')];

/** Rows of the whole of a Float64Array's numbers, bit for bit. */
const split = (values: ArrayLike<number>, width: number) =>
  Array.from({ length: values.length / width }, (_, r) =>
    Array.from({ length: width }, (_, c) => values[r * width + c]!),
  );

describe('predict', () => {
  test('words by name and by place, missing and unknown', async () => {
    const { exported, model } = drawnNetwork(words, { model: toClasses });
    const { predict, model: about } = await moduleOf(exported);
    const rows = [
      ['Oslo', 2004.25, 'x', 11],
      [null, null, 'never seen', null],
      ['', 1990, 'y', Number.NaN],
    ];
    const cells = [0, 2004.25, 0, 11, Number.NaN, Number.NaN, 2, Number.NaN, Number.NaN, 1990, 1, Number.NaN];
    const own = Float64Array.from(cells);
    const likely = split(model.probabilities(own), 3);
    const classes = ['no', 'yes', 'perhaps'];
    const expected = likely.map((probabilities, r) => ({
      class: classes[model.predict(own)[r]!],
      probabilities,
    }));
    expect(predict(rows)).toEqual(expected);
    const [town, year, label, area] = rows[0]!;
    expect(predict({ town, year, label, area })).toEqual(expected[0]);
    // Fields that are left out are missing.
    expect(predict([{ label: 'never seen' }])).toEqual([expected[1]]);
    expect(predict([null, null, 'never seen', null])).toEqual(expected[1]);
    expect(predict([])).toEqual([]);
    expect(about).toMatchObject({ name: 'drawn', lockstep: '1.2.3', task: 'classes', classes });
  });

  test('values and flags', async () => {
    const settings = { model: toTargets, loss: 'mean-squared-error' };
    const values = drawnNetwork(gaps, settings);
    const row = [1, 2, Number.NaN];
    const { predict } = await moduleOf(values.exported);
    expect(predict(row)).toEqual({ values: [...values.model.predict(Float64Array.from(row))] });
    const flags = withTargets(numbers, { kind: 'flags', names: ['wet', 'cold'] });
    const { exported, model } = drawnNetwork(flags, { model: toTargets, loss: 'binary-cross-entropy' });
    const four = Float64Array.of(1, -2, 3, 0.5);
    expect((await moduleOf(exported)).predict([...four])).toEqual({
      flags: [...model.predict(four)],
      probabilities: [...model.probabilities(four)],
    });
  });

  test('pictures, many at a time, and files with another white', async () => {
    const { exported, model } = drawnNetwork(pictures(), { model: toClasses });
    const images = Array.from({ length: 70 }, (_, i) =>
      Uint8Array.from({ length: 18 }, (_, p) => (i * 31 + p * 57) % 256),
    );
    const likely = split(model.probabilities(Uint8Array.from(images.flatMap((image) => [...image]))), 3);
    const found = (await moduleOf(exported)).predict(images) as { class: number; probabilities: number[] }[];
    expect(found.map(({ probabilities }) => probabilities)).toEqual(likely);
    const classes = [...model.predict(Uint8Array.from(images.flatMap((image) => [...image])))];
    expect(found.map((one) => one.class)).toEqual(classes.map((c) => [3, 5, 8][c]));
    const scaled = await moduleOf(drawnNetwork(pictures(16), { model: toClasses }).exported);
    const sixteenths = Uint8Array.from({ length: 18 }, (_, p) => p % 17);
    const bytes = sixteenths.map((value) => Math.round((value * 255) / 16));
    expect(scaled.predict(sixteenths)).toEqual((await moduleOf(exported)).predict(bytes));
  });

  test('says which cell cannot be read', async () => {
    const { predict } = await moduleOf(drawnNetwork(words, { model: toClasses }).exported);
    const message = (rows: unknown) => {
      try {
        predict(rows);
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(message('Oslo')).toBe(
      'row: expected an object with a field for each column, or a list of cells, got "Oslo"',
    );
    expect(message([1, 2])).toBe('row: expected 4 cells, got 2');
    expect(message([{ town: 'Oslo', yaer: 3 }])).toBe(
      'rows[0]: expected the columns town, year, label, area, got "yaer"',
    );
    expect(message({ year: '2004' })).toBe(
      'row["year"]: expected a number, or null if it is missing, got "2004"',
    );
    expect(message([['Oslo', Infinity, 'x', 1]])).toMatch(/^rows\[0\]\[1\]: expected a finite number/);
    const complete = await moduleOf(drawnNetwork(numbers, { model: toClasses }).exported);
    expect(() => complete.predict([1, 2, null, 3])).toThrow(/^column "c": expected a number in every row/);
    const seen = await moduleOf(drawnNetwork(pictures(), { model: toClasses }).exported);
    expect(() => seen.predict([1, 2])).toThrow('row: expected 18 pixels (2 x 3 x 3), got 2');
    expect(() => seen.predict(Array(18).fill(256))).toThrow('row[0]: expected a pixel of 0 to 255, got 256');
  });
});

test('on a page without Node and without the name SharedArrayBuffer', async () => {
  const { exported, model } = drawnNetwork(numbers, { model: toClasses });
  const code = (await jsOf(exported)).module.join('');
  expect(code).not.toMatch(/<\/script|['"`]node:|\bimport\s*\(/);
  const page = createContext({ atob });
  runInContext('delete globalThis.SharedArrayBuffer', page);
  runInContext(code.replaceAll(/^export const/gm, 'var'), page);
  const found = runInContext('JSON.stringify(predict([1, -2, 3, 0.5]).probabilities)', page);
  expect(JSON.parse(found)).toEqual([...model.probabilities(Float64Array.of(1, -2, 3, 0.5))]);
});

test('nothing of the user’s machine is in it, and names cannot break it', async () => {
  const { exported } = drawnNetwork(numbers, { model: toClasses, data: { source: '/home/anna/secret.csv' } });
  const code = (await jsOf({ ...exported, name: '</script>\u2028"\n' })).module.join('');
  expect(code).not.toMatch(/anna|<\/script/);
});

describe('types', () => {
  /** What TypeScript says of programs, each with a module of these types beside it. */
  async function complaints(programs: Record<string, [ExportedNetwork, string]>): Promise<string[]> {
    const folder = await temporaryFolder();
    const files: string[] = [];
    for (const [name, [exported, program]] of Object.entries(programs)) {
      const file = join(folder, `${name}.ts`);
      await writeFile(join(folder, `${name}-model.d.ts`), (await jsOf(exported)).types);
      await writeFile(file, `import { model, predict } from './${name}-model.js';\n${program}`);
      files.push(file);
    }
    const made = ts.createProgram(files, {
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      // The smallest that there is: reading a larger one takes seconds.
      lib: ['lib.es5.d.ts'],
      types: [],
    });
    return files
      .flatMap((file) => made.getSemanticDiagnostics(made.getSourceFile(file)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }

  test('fit what programs do with rows and predictions', async () => {
    const flags = withTargets(numbers, { kind: 'flags', names: ['wet', 'a */ b'] });
    const valued = { model: toTargets, loss: 'mean-squared-error' };
    const flagged = { model: toTargets, loss: 'binary-cross-entropy' };
    const right = `
      const one: 'no' | 'yes' | 'perhaps' = predict({ town: 'Oslo', year: null }).class;
      const many: number[] = predict([{ area: 3 }, ['Oslo', 1, 'x', null]]).map((p) => p.probabilities[0]!);
      export const text: string = one + many + model.classes.join() + model.columns[0]!.name;`;
    const list = await complaints({
      words: [drawnNetwork(words, { model: toClasses }).exported, right],
      wrong: [drawnNetwork(words, { model: toClasses }).exported, "predict({ town: 'Oslo', yaer: 2004 });"],
      pictures: [
        drawnNetwork(pictures(), { model: toClasses }).exported,
        'export const c: 3 | 5 | 8 = predict(new Uint8Array(18)).class; model.shape[0];',
      ],
      values: [drawnNetwork(gaps, valued).exported, 'export const v = predict([1, null, 3]).values[0]! + 1;'],
      flags: [
        drawnNetwork(flags, flagged).exported,
        'export const f: 0 | 1 = predict([[1, 2]])[0]!.flags[1]!;',
      ],
    });
    expect(list).toEqual([expect.stringMatching(/yaer/)]);
  });
});
