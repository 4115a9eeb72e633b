// Writes experiments/experiment.schema.json, which editors use to complete and check experiment files.
// Run it after changing a setting (npm run schema); a test compares the file with the program.
import { writeFileSync } from 'node:fs';
import { experimentSchema } from '../dist/src/experiment/schema.js';

const file = new URL('../experiments/experiment.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(experimentSchema({ short: true }), null, 2)}\n`);
