// What was meant by a command line that is refused.
import { expect, test } from 'vitest';
import { withNearMisses } from '#lockstep/cli/near-misses.js';

const known = ['help', 'h', 'epochs', 'batch-size', 'batchSize', 'data', 'set', 'dry-run', 'dryRun'];

test.each<[message: string, given: string[], told: string]>([
  ['Unknown argument: epoch', ['--epoch', '3'], '--epoch: unknown option; did you mean --epochs?'],
  ['Unknown argument: epoch', ['--epoch=3'], '--epoch: unknown option; did you mean --epochs?'],
  [
    'Unknown arguments: batchsize, dryrun',
    ['--batchsize', '3', '--dryrun'],
    '--batchsize: unknown option; did you mean --batch-size?\n' +
      '--dryrun: unknown option; did you mean --dry-run?',
  ],
  // An option with a dash comes twice.
  [
    'Unknown arguments: n-epochs, nEpochs',
    ['--n-epochs', '3'],
    '--n-epochs: unknown option; did you mean --epochs?',
  ],
  [
    'Unknown argument: wd',
    ['--wd', '3'],
    '--wd: unknown option; a setting is `--set optimizer.weightDecay=...`',
  ],
  ['Unknown argument: seed', ['--seed', '3'], '--seed: unknown option; a setting is `--set seed=...`'],
  [
    'Unknown argument: colour',
    ['--no-colour'],
    '--no-colour: unknown option; there are --help, --epochs, --batch-size, --data, --set, --dry-run',
  ],
  [
    'Unknown argument: b',
    ['evaluate', 'a', 'b'],
    'b: one word too many; `train --help` shows what each command takes',
  ],
  ['Unknown argument: a', ['evalute', 'a'], 'a: one word too many; did you mean `train evaluate a`?'],
  ['Did you mean merge?', ['sweep', 'mrge', 'a'], 'unknown command; did you mean `train sweep merge`?'],
  [
    'Not enough arguments following: threads',
    ['--threads'],
    'Not enough arguments following: threads; `train --help` shows what there is',
  ],
])('%s of %j', (message, given, told) => {
  expect(withNearMisses(message, { given, known })).toBe(told);
});
