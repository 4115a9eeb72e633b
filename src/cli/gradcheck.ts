/** `train gradcheck [experiment]`: checks the gradients of a model against difference quotients. */
import type { Argv } from 'yargs';
import { fitData, shapeOf } from '../data/split.ts';
import { exitCodes } from '../foundation/errors.ts';
import { planNetwork } from '../model/network.ts';
import { checkGradients, type TensorCheck } from '../training/gradcheck.ts';
import { checkTask } from '../training/prepare.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out } from './console.ts';
import { openExperiment } from './find-experiment.ts';
import { grouped } from './format.ts';
import { openDataOf } from './open-data.ts';
import { type ExperimentArguments, experimentOptions, overridesOf } from './options.ts';
import { startStatusLine } from './status-line.ts';

export const gradcheckCommand: LoadedCommand<ExperimentArguments> = {
  builder: (yargs: Argv) => experimentOptions(yargs) as Argv<ExperimentArguments>,
  handler: gradcheck,
};

async function gradcheck(given: ExperimentArguments): Promise<void> {
  const { experiment, locate } = openExperiment(given.experiment ?? 'mnist', overridesOf(given));
  const dataset = await openDataOf(experiment);
  checkTask(experiment, dataset, locate);
  const shape = shapeOf(fitData(experiment, dataset, locate));
  const { parameters } = planNetwork(experiment.model, shape, locate);
  const longest = Math.max(...parameters.map(({ id, shape }) => `${id} (${shape.join(', ')})`.length));
  err.line(
    `${experiment.name}: hand-written gradients against central differences of the loss, in float64, ` +
      'on the float64 kernels',
  );
  const progress = startStatusLine(err);
  const report = await checkGradients(experiment, dataset, {
    onProgress: (id, done, of) => progress.show(`${id}  ${grouped(done)} of ${grouped(of)} places`),
    onTensor(check) {
      progress.clear();
      out.line(tensorLine(check, longest));
    },
  });
  const { passed, samples, threshold, tensors } = report;
  const worst = Math.max(...tensors.map(({ error }) => error));
  const skipped = tensors.reduce((sum, tensor) => sum + tensor.skipped, 0);
  out.line(
    `${passed ? out.paint('green', 'passed') : out.paint('red', 'FAILED')}: largest relative error ` +
      `${worst.toExponential(1)}, bound ${threshold}, ${samples} samples` +
      (skipped > 0 ? `, ${skipped} places at a kink passed over` : ''),
  );
  if (!passed) process.exitCode = exitCodes.failed;
}

function tensorLine({ id, shape, checked, error, skipped, passed }: TensorCheck, longest: number): string {
  const mark = passed ? out.paint('green', 'ok   ') : out.paint('red', 'WRONG');
  const kinks = skipped > 0 ? `, ${skipped} at a kink passed over` : '';
  const name = `${id} (${shape.join(', ')})`.padEnd(longest);
  return `${mark} ${name}  ${error.toExponential(1)}  ${checked}${kinks}`;
}
