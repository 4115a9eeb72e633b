import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readExperiment } from '#lockstep/experiment/read.js';
import { experimentSchema } from '#lockstep/experiment/schema.js';
import { readSweep } from '#lockstep/sweep/read.js';
import { sweepFileSchema } from '#lockstep/sweep/schema.js';

const folder = resolve(import.meta.dirname, '../../experiments');
const shipped = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.yaml'));
const experiments = shipped.filter((file) => !file.startsWith('sweeps/'));
const sweeps = shipped.filter((file) => file.startsWith('sweeps/'));

test('experiment.schema.json is what the program says (npm run schema writes it)', () => {
  const file = JSON.parse(readFileSync(join(folder, 'experiment.schema.json'), 'utf8'));
  expect(file).toEqual(experimentSchema({ short: true }));
});

describe('every experiment that ships', () => {
  const validate = new Ajv({ strict: false }).compile(experimentSchema({ short: true }));
  test.each(experiments)('%s is sound for the program and for editors', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const { epochs, steps } = readExperiment(text, { file, name: 'x' }).experiment;
    expect(epochs ?? steps).toBeGreaterThan(0);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(text).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)*experiment\.schema\.json\n/);
  });
});

test('sweep.schema.json is what the program says (npm run schema writes it)', () => {
  const file = JSON.parse(readFileSync(join(folder, 'sweep.schema.json'), 'utf8'));
  expect(file).toEqual(sweepFileSchema());
});

describe('every sweep that ships', () => {
  const validate = new Ajv({ strict: false }).compile(sweepFileSchema());
  const open = (name: string) => ({
    text: readFileSync(join(folder, `${name}.yaml`), 'utf8'),
    file: name,
    name: basename(name),
  });
  test('is found', () => expect(sweeps.length).toBeGreaterThan(2));
  test.each(sweeps)('%s is sound for the program and for editors', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const { sweep, warnings } = readSweep(text, { file, name: 'x', open });
    expect(sweep.dimensions.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/sweep\.schema\.json\n/);
  });
});
