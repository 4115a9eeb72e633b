/** The weights between the samples and the network: which they are, and what a page shows of them. */
import type { Signature } from '../../data/split.ts';
import type { NetworkPlan } from '../../model/network.ts';
import type { NumberTensor } from '../../model/weights.ts';
import { filterSection } from './filters.ts';
import { firstLayerSection } from './first-layer.ts';
import type { Markup } from './markup.ts';

/**
 * The parameter that weighs the samples as they are: W of a dense layer, with a row for each input, or of a
 * convolution over the picture. Undefined if the first layer with weights reads something else.
 */
export function firstWeightsOf({ nodes, parameters, values, inputs }: NetworkPlan): number | undefined {
  const first = parameters.findIndex(({ shape }) => shape.length > 1);
  const shape = parameters[first]?.shape;
  if (shape?.length === 2) return shape[0] === inputs ? first : undefined;
  const seen = nodes.find((node) => node.parameters.includes(first))?.plan.window?.input;
  const picture = values[0]!.shape;
  const whole =
    seen?.height === picture?.height &&
    seen?.width === picture?.width &&
    seen?.channels === picture?.channels;
  return seen && whole ? first : undefined;
}

/** @param tensor the one that `firstWeightsOf` names: (inputs, units), or the windows of a convolution */
export function firstWeightsSection(
  signature: Signature,
  tensor: Pick<NumberTensor, 'shape' | 'values'>,
): Markup {
  return tensor.shape.length === 2 ? firstLayerSection(signature, tensor) : filterSection(signature, tensor);
}
