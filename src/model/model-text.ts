/** A model for people: as a line of text, and as rows of a table. */
import type { KindConfig } from '../contracts/fields.ts';
import { skipsZeros } from '../operands/format.ts';
import { type LayerNode, type NetworkPlan, pathsOf } from './network.ts';

/**
 * `784 - [dense 128 - relu - dense 128 + dense 128] - relu - dense 10`. A residual block is in brackets, with
 * a plus between its two paths. The path x is the block's input itself.
 */
export function modelText(model: readonly KindConfig[], network: NetworkPlan): string {
  const outputs = new Map(network.nodes.map(({ path, plan }) => [path, plan.outputs]));
  const listText = (list: readonly KindConfig[], path: string): string =>
    list
      .map((config, i) => {
        const at = `${path}[${i}]`;
        const paths = pathsOf(config);
        if (!paths) return 'units' in config ? `${config.kind} ${outputs.get(at)}` : config.kind;
        const shortcut = listText(paths.shortcut, `${at}.shortcut`) || 'x';
        return `[${listText(paths.layers, `${at}.layers`)} + ${shortcut}]`;
      })
      .join(' - ');
  return `${network.inputs} - ${listText(model, 'model')}`;
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
  /** `W (784, 128), b (128)`; empty if it has none. */
  parameters: string;
  /** Numbers in them. */
  count: number;
  /** Multiplications and additions of the forward pass, a sample. */
  flops: number;
  /** `frozen`, `skips zeros`, `in place`, as far as they are true. */
  notes: readonly string[];
}

/** The table of `train explain`, a row for each of `modelRows`. */
export function layerTexts(model: readonly KindConfig[], network: NetworkPlan): LayerText[] {
  return modelRows(model, network).map(({ node, ...row }) => {
    if (!node) return { ...row, outputs: undefined, parameters: '', count: 0, flops: 0, notes: [] };
    const { plan, frozen, x, y } = node;
    const parameters = node.parameters.map((p) => network.parameters[p]!);
    const skips = parameters.some(({ format }) => skipsZeros(format ?? 'dense'));
    const inPlace = network.values[x]!.storage === network.values[y]!.storage;
    return {
      ...row,
      outputs: plan.outputs,
      parameters: parameters.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', '),
      count: parameters.reduce((sum, { count }) => sum + count, 0),
      flops: plan.flops,
      notes: [frozen && 'frozen', skips && 'skips zeros', inPlace && 'in place'].filter(
        (note) => note !== false,
      ),
    };
  });
}
