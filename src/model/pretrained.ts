/**
 * Weights that a network begins with instead of drawing them: those of another training, or of another
 * program.
 *
 * They are matched layer by layer, in the order of the network, because names rarely are the same: a dropout
 * more moves all that come after it. PyTorch keeps W transposed, and calls the parts of a layer otherwise. It
 * has the channels of an image first, channel after channel, and we have them last, place after place.
 */
import { LockstepError, together } from '../foundation/errors.ts';
import { matrixOf } from '../foundation/shapes.ts';
import { type ImageShape, numbersOf, placesOf } from '../foundation/window.ts';
import type { LayerNode, Locate, NetworkPlan } from './network.ts';
import { asWeights, type NumberTensor, stateDigest, type WeightTensor } from './weights.ts';

/** Named tensors to begin with, as a file has them. */
export interface NamedTensors {
  /** Where they are from, for messages. */
  name: string;
  tensors: readonly NumberTensor[];
}

/** What a network takes of them: under its own names, in its own order. */
export interface TakenTensors {
  parameters: readonly WeightTensor[];
  state: readonly WeightTensor[];
}

/** How PyTorch calls the parts of a layer. */
const torchNames: Readonly<Record<string, string>> = {
  W: 'weight',
  b: 'bias',
  gamma: 'weight',
  beta: 'bias',
  runningMean: 'running_mean',
  runningVariance: 'running_var',
};

/** Counts the minibatches that PyTorch's batch normalisation has seen. It is not needed to go on. */
const uncounted = 'num_batches_tracked';

/** The tensors of one layer, by the last part of their names. */
interface Group {
  prefix: string;
  parts: ReadonlyMap<string, NumberTensor>;
}

/**
 * Chooses what each layer that learns begins with, but for those with `pretrained: false`.
 *
 * @throws LockstepError `usage` with a line for each layer that does not fit
 */
export function takePretrained(
  network: NetworkPlan,
  given: NamedTensors,
  locate: Locate = (path) => path,
): TakenTensors {
  const nodes = network.nodes.filter(({ plan }) => plan.parameters.length > 0);
  const groups = groupsOf(given.tensors);
  const pairs = matched(nodes, groups);
  if (!pairs) throw otherLayers(nodes, groups, given.name, locate);
  const faults: LockstepError[] = [];
  const taken = pairs.map(([node, group]) => {
    return takeLayer(network, node, group, (expected, got) => {
      const where = `${locate(node.path)} (${node.config.kind})`;
      const hint = '`pretrained: false` draws the layer anew';
      faults.push(new LockstepError('usage', { where, expected, got: `${got} in ${given.name}`, hint }));
    });
  });
  if (faults.length > 0) throw together(faults);
  return {
    parameters: taken.flatMap(({ parameters }) => parameters),
    state: taken.flatMap(({ state }) => state),
  };
}

/** The digest of what is taken: that of the other training's weights and state, if all is. */
export function takenDigest({ parameters, state }: TakenTensors): string {
  return stateDigest(parameters, state);
}

export function takesPretrained({ config }: Pick<LayerNode, 'config'>): boolean {
  return config.pretrained !== false;
}

/** By layer, in the order of their names, numbers by their value: 2 before 10. */
function groupsOf(tensors: readonly NumberTensor[]): Group[] {
  const groups = new Map<string, Map<string, NumberTensor>>();
  for (const tensor of tensors) {
    const at = tensor.id.lastIndexOf('.');
    const prefix = tensor.id.slice(0, Math.max(at, 0));
    const part = tensor.id.slice(at + 1);
    if (part === uncounted) continue;
    if (!groups.has(prefix)) groups.set(prefix, new Map());
    groups.get(prefix)!.set(part, tensor);
  }
  return [...groups]
    .map(([prefix, parts]) => ({ prefix, parts }))
    .sort((a, b) => byNumbers(a.prefix, b.prefix));
}

function byNumbers(a: string, b: string): number {
  const [first, second] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.min(first.length, second.length); i++) {
    const order = naturalOrder.compare(first[i]!, second[i]!);
    if (order !== 0) return order;
  }
  return first.length - second.length;
}

/**
 * Layers of another program whose names have no numbers lie in a file in the order of the alphabet, which
 * need not be theirs. Undefined: there is no doubt.
 */
export function doubtfulOrder({ name, tensors }: NamedTensors): string | undefined {
  const prefixes = groupsOf(tensors).map(({ prefix }) => prefix);
  if (prefixes.every((prefix) => prefix.startsWith('model.'))) return undefined;
  const stem = (part: string | undefined) => part?.replace(/\d+$/, '');
  const numbered = prefixes.slice(1).every((prefix, i) => {
    const [a, b] = [prefixes[i]!.split('.'), prefix.split('.')];
    const at = b.findIndex((part, p) => part !== a[p]);
    return stem(a[at]) === stem(b[at]);
  });
  if (numbered) return undefined;
  return `${name}: its layers have no numbers, so they are taken in this order: ${prefixes.join(', ')}`;
}

const naturalOrder = new Intl.Collator('en', { numeric: true });

/** The layers that take weights, each with its group; undefined if there are too many or too few. */
function matched(nodes: readonly LayerNode[], groups: readonly Group[]): [LayerNode, Group][] | undefined {
  const takers = nodes.filter(takesPretrained);
  const pair = (node: LayerNode, group: Group): [LayerNode, Group] => [node, group];
  if (groups.length === nodes.length) {
    const all = nodes.map((node, i) => pair(node, groups[i]!));
    return all.filter(([node]) => takesPretrained(node));
  }
  const byName = new Map(groups.map((group) => [group.prefix, group]));
  const named = takers.map((node) => byName.get(nameOf(node)));
  if (named.every((group) => group !== undefined)) return takers.map((node, i) => pair(node, named[i]!));
  if (groups.length === takers.length) return takers.map((node, i) => pair(node, groups[i]!));
  return undefined;
}

/** As the parameters of the layer are called: model[0] is model.0. */
function nameOf({ path }: LayerNode): string {
  return path.replaceAll('[', '.').replaceAll(']', '');
}

function otherLayers(
  nodes: readonly LayerNode[],
  groups: readonly Group[],
  name: string,
  locate: Locate,
): LockstepError {
  const own = nodes.map(({ config, path }) => `${path} (${config.kind})`);
  const others = groups.map(({ prefix, parts }) => {
    const shape = (parts.get('weight') ?? parts.get('W') ?? [...parts.values()][0]!).shape;
    return `${prefix || '(no name)'} (${shape.join(' x ')})`;
  });
  return new LockstepError('usage', {
    where: locate('model'),
    expected: `weights for ${own.length} layers: ${own.join(', ')}`,
    got: `${others.length} in ${name}: ${others.join(', ') || 'none'}`,
    hint: 'write `pretrained: false` in a layer that is to be drawn anew',
  });
}

/** One layer's parameters and state; complains of each that does not fit. */
function takeLayer(
  network: NetworkPlan,
  node: LayerNode,
  { prefix, parts }: Group,
  complain: (expected: string, got: string) => void,
): TakenTensors {
  const torch = parts.has('weight');
  const image = imageBehind(network, node.x);
  const used = new Set<string>();
  const whole = (part: string) => (prefix ? `${prefix}.${part}` : part);
  const take = (id: string, shape: readonly number[], byFeature: boolean): NumberTensor => {
    const own = id.slice(id.lastIndexOf('.') + 1);
    const part = torch ? (torchNames[own] ?? own) : own;
    used.add(part);
    const found = parts.get(part);
    const expected = torch ? torchShape(shape) : shape;
    if (found && found.shape.join() === expected.join()) {
      const values = torch ? fromTorch(found.values, shape, byFeature ? image : undefined) : found.values;
      return { id, shape, values };
    }
    // PyTorch's layers can do without a bias, which is like one of zeros.
    if (found || !torch || own !== 'b')
      complain(
        `${part} (${expected.join(', ')})`,
        found ? `${whole(part)} (${found.shape.join(', ')})` : 'none',
      );
    return { id, shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
  };
  const parameters = node.parameters.map((index) => network.parameters[index]!);
  const state = node.state.map((index) => network.state[index]!);
  const taken = {
    parameters: asWeights(parameters.map(({ id, shape, role }) => take(id, shape, role !== 'bias'))),
    state: asWeights(state.map(({ id, shape }) => take(id, shape, true))),
  };
  for (const part of parts.keys()) if (!used.has(part)) complain('nothing more', whole(part));
  return taken;
}

/** The shape that a parameter of ours has in PyTorch: outputs first, and the channels before the window. */
function torchShape(shape: readonly number[]): readonly number[] {
  const [first, second, inputs, channels] = shape;
  if (shape.length === 4) return [channels!, inputs!, first!, second!];
  return [...shape].reverse();
}

/** The image whose numbers a value has, also if it was flattened since; undefined: none. */
function imageBehind(network: NetworkPlan, value: number): ImageShape | undefined {
  const { shape } = network.values[value]!;
  const maker = network.nodes.find(
    ({ y, other, role }) => y === value || (role === 'fork' && other === value),
  );
  if (shape || !maker) return shape;
  const keeps = maker.role !== 'layer' || maker.plan.shape === 'kept' || maker.config.kind === 'flatten';
  return keeps ? imageBehind(network, maker.x) : undefined;
}

/**
 * The numbers of a parameter of PyTorch in our order.
 *
 * @param image what its rows, or its elements, follow number by number, if that is an image
 */
function fromTorch(
  values: NumberTensor['values'],
  shape: readonly number[],
  image: ImageShape | undefined,
): NumberTensor['values'] {
  const vector = shape.length === 1;
  if (vector && (!image || numbersOf(image) !== shape[0])) return values;
  const { rows, columns } = matrixOf(shape) ?? { rows: shape[0]!, columns: 1 };
  const windows = shape.length === 4 ? { places: shape[0]! * shape[1]!, channels: shape[2]! } : undefined;
  const picture = image && { places: placesOf(image), channels: image.channels };
  const { places, channels } = windows ?? picture ?? { places: rows, channels: 1 };
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const theirs = (row % channels) * places + Math.floor(row / channels);
    for (let column = 0; column < columns; column++)
      turned[row * columns + column] = values[column * rows + theirs]!;
  }
  return turned;
}
