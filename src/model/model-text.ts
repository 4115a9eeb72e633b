/** A model for people: as a line of text, and as rows of a table. */
import type { KindConfig } from '../contracts/fields.ts';
import type { ImageShape, Pair } from '../foundation/window.ts';
import { skipsZeros } from '../operands/format.ts';
import { type LayerNode, type NetworkPlan, pathsOf, sizeText } from './network.ts';

/**
 * `784 - [dense 128 - relu - dense 128 + dense 128] - relu - dense 10`. A residual block is in brackets, with
 * a plus between its two paths. The path x is the block's input itself. With convolutions or pools it begins
 * with the shape of a picture: `28 x 28 x 1 - conv 6 - relu - max-pool - dense 10`.
 */
export function modelText(model: readonly KindConfig[], network: NetworkPlan): string {
  const nodes = new Map(network.nodes.map((node) => [node.path, node]));
  const listText = (list: readonly KindConfig[], path: string): string =>
    list
      .map((config, i) => {
        const at = `${path}[${i}]`;
        const paths = pathsOf(config);
        if (!paths) return [config.kind, ...widthOf(config, nodes.get(at)!)].join(' ');
        const shortcut = listText(paths.shortcut, `${at}.shortcut`) || 'x';
        return `[${listText(paths.layers, `${at}.layers`)} + ${shortcut}]`;
      })
      .join(' - ');
  const maps = network.values.some(({ maps }) => maps);
  return `${maps ? sizeText(network.values[0]!) : network.inputs} - ${listText(model, 'model')}`;
}

/** How many units a layer has, or channels, if it says so: none or one number. */
export function widthOf(config: KindConfig, { plan }: Pick<LayerNode, 'plan'>): number[] {
  if ('units' in config) return [plan.outputs];
  return 'channels' in config ? [plan.window!.output.channels] : [];
}

/** A row of the table: a layer, a residual block (its node is the join of its paths), or a shortcut x. */
export interface ModelRow {
  depth: number;
  /** The path within the surrounding block: `model[0]`, `layers[2]`, `shortcut`. */
  name: string;
  kind: string;
  node: LayerNode | undefined;
}

/** All layers in order. Those of a residual block are one deeper than the block. */
export function modelRows(model: readonly KindConfig[], { nodes }: NetworkPlan): ModelRow[] {
  const byPath = new Map(nodes.filter(({ role }) => role !== 'fork').map((node) => [node.path, node]));
  const listRows = (list: readonly KindConfig[], within: string, name: string, depth: number): ModelRow[] =>
    list.flatMap((config, i) => {
      const path = `${within}${name}[${i}]`;
      const row = { depth, name: `${name}[${i}]`, kind: config.kind, node: byPath.get(path) };
      const paths = pathsOf(config);
      if (!paths) return [row];
      const identity = { depth: depth + 1, name: 'shortcut', kind: 'x itself', node: undefined };
      const shortcut = listRows(paths.shortcut, `${path}.`, 'shortcut', depth + 1);
      return [
        row,
        ...listRows(paths.layers, `${path}.`, 'layers', depth + 1),
        ...(shortcut.length > 0 ? shortcut : [identity]),
      ];
    });
  return listRows(model, '', 'model', 0);
}

/** What there is to say of a layer, or of a residual block. */
export interface LayerText {
  depth: number;
  name: string;
  kind: string;
  /** Numbers that it gives for each sample; undefined for a shortcut x. */
  outputs: number | undefined;
  /** The sizes of its output: `24, 24, 6` of an image, `10` of a vector. */
  sizes: string;
  /** `W (784, 128), b (128)`; empty if it has none. */
  parameters: string;
  /** Numbers in them. */
  count: number;
  /** Multiplications and additions of the forward pass, a sample. */
  flops: number;
  /**
   * `frozen`, `skips zeros`, `in place`, as far as they are true; and `sees 14 x 14`, the lines and columns
   * of a picture that a place of the output depends on.
   */
  notes: readonly string[];
}

/** The table of `train explain`, a row for each of `modelRows`. */
export function layerTexts(model: readonly KindConfig[], network: NetworkPlan): LayerText[] {
  const fields = receptiveFields(network);
  return modelRows(model, network).map(({ node, ...row }) => {
    if (!node) {
      return { ...row, outputs: undefined, sizes: '', parameters: '', count: 0, flops: 0, notes: [] };
    }
    const { plan, frozen, x, y } = node;
    const { shape, maps } = network.values[y]!;
    const seen = maps && plan.window && seenText(fields[y]!, network.values[0]!.shape!);
    const parameters = node.parameters.map((p) => network.parameters[p]!);
    const skips = parameters.some(({ format }) => skipsZeros(format ?? 'dense'));
    const inPlace = network.values[x]!.storage === network.values[y]!.storage;
    return {
      ...row,
      outputs: plan.outputs,
      sizes: shape && maps ? [shape.height, shape.width, shape.channels].join(', ') : String(plan.outputs),
      parameters: parameters.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', '),
      count: parameters.reduce((sum, { count }) => sum + count, 0),
      flops: plan.flops,
      notes: [frozen && 'frozen', seen, skips && 'skips zeros', inPlace && 'in place'].filter(
        (note) => typeof note === 'string',
      ),
    };
  });
}

/** What a place of a value depends on: lines and columns of the picture, and how far neighbours are apart. */
interface ReceptiveField {
  size: Pair;
  step: Pair;
}

/** Padding may widen a field beyond the picture, which shows no more. */
function seenText({ size }: ReceptiveField, { height, width }: ImageShape): string {
  return `sees ${Math.min(size[0], height)} x ${Math.min(size[1], width)}`;
}

/** By value. A window of reach r widens the field by r - 1 steps (Dumoulin, Visin, 2016). */
function receptiveFields({ nodes, values }: NetworkPlan): ReceptiveField[] {
  const fields = new Array<ReceptiveField>(values.length).fill({ size: [1, 1], step: [1, 1] });
  const both = (of: (axis: 0 | 1) => number): Pair => [of(0), of(1)];
  for (const { x, y, other, role, plan } of nodes) {
    const { size, step } = fields[x]!;
    const { window } = plan;
    if (role === 'join') {
      const { size: second } = fields[other!]!;
      fields[y] = { size: both((axis) => Math.max(size[axis], second[axis])), step };
    } else if (window) {
      const { kernel, dilation, stride } = window;
      fields[y] = {
        size: both((axis) => size[axis] + (kernel[axis] - 1) * dilation[axis] * step[axis]),
        step: both((axis) => step[axis] * stride[axis]),
      };
    } else fields[y] = fields[x]!;
    if (role === 'fork') fields[other!] = fields[x]!;
  }
  return fields;
}
