// Writes the checks of what people write against its schema, as modules of a built folder: of an experiment,
// of the block of a sweep, of a line of trials.jsonl, of the messages in a queue. To make them anew whenever
// `train` starts would take a sixth of the time until the first step, and more for a sweep.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/** @param folder where the build has put the compiled program */
export async function writeValidators(folder) {
  const of = (file) => import(pathToFileURL(join(folder, 'src', file)).href);
  const { experimentSchema } = await of('experiment/schema.js');
  const { validatorOptions } = await of('experiment/validator-options.js');
  const { sweepSchema, sweepOptions } = await of('sweep/schema.js');
  const { trialSchema, trialOptions } = await of('sweep/trial-schema.js');
  const { messageSchema, messageOptions } = await of('sweep/queue/message-schema.js');
  const write = (file, program) => writeFileSync(join(folder, 'src', file), program);
  const experiment = experimentSchema({ short: false });
  write('experiment/validate-experiment.js', validatorOf(experiment, validatorOptions));
  write('sweep/validate-sweep.js', validatorOf(sweepSchema, sweepOptions));
  write('sweep/validate-trial.js', validatorOf(trialSchema, trialOptions));
  write('sweep/queue/validate-message.js', validatorOf(messageSchema, messageOptions));
}

/** An ES module that exports `validate`. */
function validatorOf(schema, options) {
  const ajv = new Ajv({ ...options, code: { source: true, esm: true } });
  // An ES module has no require(). ajv would fetch one function with it: the length of a text in code points.
  const program = standalone
    .default(ajv, ajv.compile(schema))
    .replace('require("ajv/dist/runtime/ucs2length").default', '(text) => [...text].length')
    // ajv copies all errors for each item of a list that has one: 40,000 wrong layers took seconds.
    .replaceAll(/\bvErrors\.concat\(([\w.]+)\)/g, 'withMore(vErrors, $1)');
  const [left] = /\brequire\(.*?\)/.exec(program) ?? [];
  if (left) throw new Error(`a schema uses a keyword for which ajv writes ${left}: give its function here`);
  if (program.includes('.concat(')) throw new Error('ajv writes its joins of errors in another way');
  return program + withMore;
}

const withMore = `
function withMore(errors, others) {
  for (const other of others) errors.push(other);
  return errors;
}
`;
