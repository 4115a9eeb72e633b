// Writes dist/src/experiment/validate-experiment.cjs: the check of an experiment against its schema, as a program. To make that program
// anew whenever `train` starts would take a sixth of the time until the first step.
import { writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { experimentSchema } from '../dist/src/experiment/schema.js';

const ajv = new Ajv({
  allErrors: true,
  useDefaults: true,
  discriminator: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  code: { source: true },
});
const program = standalone.default(ajv, ajv.compile(experimentSchema({ short: false })));
writeFileSync(new URL('../dist/src/experiment/validate-experiment.cjs', import.meta.url), program);
