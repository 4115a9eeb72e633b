// Writes src/experiment/validate-experiment.js of a built folder: the check of an experiment against its
// schema, as a module. To make it anew whenever `train` starts would take a sixth of the time until the first
// step.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/** @param folder where the build has put the compiled program */
export async function writeValidator(folder) {
  const { experimentSchema } = await import(pathToFileURL(join(folder, 'src/experiment/schema.js')).href);
  const options = await import(pathToFileURL(join(folder, 'src/experiment/validator-options.js')).href);
  const ajv = new Ajv({ ...options.validatorOptions, code: { source: true, esm: true } });
  // An ES module has no require(). ajv would fetch one line with it: the length of a text in code points.
  const program = standalone
    .default(ajv, ajv.compile(experimentSchema({ short: false })))
    .replace('require("ajv/dist/runtime/ucs2length").default', '(text) => [...text].length')
    // ajv copies all errors for each item of a list that has one: 40,000 wrong layers took seconds.
    .replaceAll(/\bvErrors\.concat\(([\w.]+)\)/g, 'withMore(vErrors, $1)');
  const [left] = /\brequire\(.*?\)/.exec(program) ?? [];
  if (left) throw new Error(`the schema uses a keyword for which ajv writes ${left}: give its function here`);
  if (program.includes('.concat(')) throw new Error('ajv writes its joins of errors in another way');
  writeFileSync(join(folder, 'src/experiment/validate-experiment.js'), program + withMore);
}

const withMore = `
function withMore(errors, others) {
  for (const other of others) errors.push(other);
  return errors;
}
`;
