// Writes src/experiment/validate-experiment.cjs of a built folder: the check of an experiment against its
// schema, as a program. To make it anew whenever `train` starts would take a sixth of the time until the first
// step.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/** @param folder where the build has put the compiled program */
export async function writeValidator(folder) {
  const { experimentSchema } = await import(pathToFileURL(join(folder, 'src/experiment/schema.js')).href);
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
  writeFileSync(join(folder, 'src/experiment/validate-experiment.cjs'), program);
}
