// One rank whose main thread does all the work: `inline()` has no option on the command line. Prints what
// rank 0 came to.
//
//   mpirun -n 3 node scripts/ranks/inline.mjs n1.yaml
import { openExperiment } from '../../dist/src/cli/find-experiment.js';
import { prepareForMpi, readLauncher } from '../../dist/src/cli/launcher.js';
import { openDataOf } from '../../dist/src/cli/open-data.js';
import { inline } from '../../dist/src/parallel/inline.js';
import { connectMpi } from '../../dist/src/parallel/mpi-link.js';
import { ranked } from '../../dist/src/parallel/ranked.js';
import { leaveLine } from '../../dist/src/ranks/line.js';
import { train } from '../../dist/src/training/train.js';

const { experiment } = openExperiment(process.argv[2], []);
prepareForMpi(process.env);
const { family } = readLauncher(process.env);
const link = await connectMpi({ library: undefined, family, patience: 10_000 });
const dataset = await openDataOf(experiment);
for await (const event of train(experiment, { dataset, executor: ranked(inline(), link) })) {
  if (event.kind === 'end' && link.rank.index === 0) console.log(event.weightsSha256);
}
await leaveLine(link.line);
