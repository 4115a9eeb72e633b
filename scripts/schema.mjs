// Writes experiments/experiment.schema.json and sweep.schema.json, which editors use to complete and check
// files. Run it (npm run schema) after you have changed a setting. A test compares the files with the
// program.
import { writeFileSync } from 'node:fs';
import { experimentSchema } from '../dist/src/experiment/schema.js';
import { sweepFileSchema } from '../dist/src/sweep/schema.js';

const schemas = {
  'experiment.schema.json': experimentSchema({ short: true }),
  'sweep.schema.json': sweepFileSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../experiments/${name}`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
