/** A training that begins with the weights of another one: what of them, and of its preparation, it takes. */
import type { KindConfig } from '../contracts/fields.ts';
import type { Dataset, Features } from '../data/dataset.ts';
import type { KeptUnits, Signature } from '../data/split.ts';
import type { Experiment, PretrainedRecord } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import { type Locate, type NetworkPlan, pathsOf } from '../model/network.ts';
import { type NamedTensors, type TakenTensors, takenDigest, takePretrained } from '../model/pretrained.ts';

/** What a training begins with instead of drawing its weights. */
export interface Pretrained extends NamedTensors {
  /** What the weights were trained for; undefined if another program has written them. */
  signature?: Signature | undefined;
}

/**
 * The preparation that belongs to the weights: a first layer that learnt from scaled columns must get them
 * scaled like that again, and a last layer's values are in its own units.
 *
 * @throws LockstepError `data` if the first layer is taken, and the samples are others
 */
export function unitsKept(
  { model }: Experiment,
  { features, targets, name }: Dataset,
  pretrained: Pretrained | undefined,
): KeptUnits {
  const { signature } = pretrained ?? {};
  if (!signature) return {};
  const layers = learning(model);
  const kept: KeptUnits = {};
  if (layers[0]?.pretrained !== false) {
    checkSamples(features, signature.features, name, pretrained!.name);
    kept.preparation = signature.preparation;
  }
  const names = (of: typeof targets) => (of.kind === 'classes' ? '' : `${of.kind} ${of.names.join()}`);
  if (layers.at(-1)?.pretrained !== false && names(targets) === names(signature.targets)) {
    kept.unit = signature.unit;
  }
  return kept;
}

/** The layers that learn, in the order in which they are planned. */
function learning(model: readonly KindConfig[]): KindConfig[] {
  return model.flatMap((config) => {
    const paths = pathsOf(config);
    if (paths) return [...learning(paths.layers), ...learning(paths.shortcut)];
    return catalogue.layer.get(config.kind)?.learns ? [config] : [];
  });
}

function checkSamples(given: Features, own: Features, name: string, from: string): void {
  const [expected, got] = [sampleOf(own), sampleOf(given)];
  if (expected === got) return;
  throw new LockstepError('data', {
    where: name,
    expected: `the samples that ${from} was trained on: ${expected}`,
    got,
    hint: '`pretrained: false` in the first layer takes others',
  });
}

function sampleOf(features: Features): string {
  if (features.kind === 'bytes') return `pictures of ${features.shape.join(' x ')}`;
  return features.columns.map(({ name, kind }) => (kind === 'number' ? name : `${name} (words)`)).join(', ');
}

/**
 * What the network takes. The experiment says of which digest that must be, if it was read from a run.
 *
 * @throws LockstepError `usage` if a layer does not fit, or if the weights are others
 */
export function taken(
  { pretrained: recorded }: Experiment,
  network: NetworkPlan,
  given: Pretrained,
  locate: Locate,
): TakenTensors {
  const tensors = takePretrained(network, given, locate);
  const digest = takenDigest(tensors);
  if (recorded && recorded.stateSha256 !== digest) {
    throw new LockstepError('usage', {
      where: locate('pretrained.stateSha256'),
      expected: `the weights of sha256 ${recorded.stateSha256} that the experiment begins with`,
      got: `sha256 ${digest} from ${given.name}`,
      hint: 'remove `pretrained` to begin with others',
    });
  }
  return tensors;
}

/** What the experiment says of them. */
export function recordOf(tensors: TakenTensors, from: string): PretrainedRecord {
  return { from, stateSha256: takenDigest(tensors) };
}

/** What is to be known of the classes, if the last layer is taken as it is. */
export function otherClasses(
  { model }: Experiment,
  { targets }: Dataset,
  { signature, name }: Pretrained,
): string | undefined {
  if (targets.kind !== 'classes' || signature?.targets.kind !== 'classes') return undefined;
  if (learning(model).at(-1)?.pretrained === false) return undefined;
  const [now, then] = [targets.names?.join(', '), signature.targets.names?.join(', ')];
  if (now === then) return undefined;
  const were = `the last layer of ${name} was trained for ${then ?? 'numbers'}`;
  return `the classes are ${now ?? 'numbers'}; ${were}`;
}
