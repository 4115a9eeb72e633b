/** A graph that grows node by node, with a name of its own for everything in it. */
import {
  type Attribute,
  type Constant,
  type ElementType,
  type Graph,
  mlDomain,
  type Node,
  type Port,
} from './messages.ts';

export interface NodeOptions {
  attributes?: Readonly<Record<string, Attribute>>;
  /** The operator is one of ai.onnx.ml. */
  ml?: boolean;
  /** A wish for the name of a second output, which nobody reads. */
  unread?: string;
}

export interface GraphWriter {
  /** Keeps a name for an output of the graph. */
  reserve(name: string): void;
  /** An input of the graph. Its name is changed if another has it. */
  input(name: string, type: ElementType, width: number): string;
  /** A node with one output, whose name it returns. `name` is a wish. */
  node(name: string, op: string, inputs: readonly string[], options?: NodeOptions): string;
  /** The last node: its output is one of the graph, with a name that was reserved. */
  output(port: Port, op: string, inputs: readonly string[], options?: NodeOptions): void;
  floats(name: string, values: ArrayLike<number>, shape?: readonly number[]): string;
  integers(name: string, values: readonly number[]): string;
  texts(name: string, values: readonly string[]): string;
  graph(name: string): Graph;
}

/** The open first size of all inputs and outputs. */
export const batch = 'n';

export function graphWriter(): GraphWriter {
  const taken = new Set<string>();
  const nodes: Node[] = [];
  const constants: Constant[] = [];
  const inputs: Port[] = [];
  const outputs: Port[] = [];
  const unique = (wish: string): string => {
    let name = wish;
    // ONNX takes an empty name for an input that is left out.
    for (let i = 2; name === '' || taken.has(name); i++) name = `${wish}_${i}`;
    taken.add(name);
    return name;
  };
  const constant = (wish: string, shape: readonly number[], values: Constant['values']): string => {
    const name = unique(wish);
    constants.push({ name, shape, values });
    return name;
  };
  const add = (
    name: string,
    op: string,
    from: readonly string[],
    { attributes = {}, ml, unread }: NodeOptions = {},
  ) => {
    const made = unread === undefined ? [name] : [name, unique(unread)];
    nodes.push({ op, domain: ml ? mlDomain : undefined, inputs: from, outputs: made, attributes });
    return name;
  };
  return {
    reserve: (name) => void taken.add(name),
    input(wish, type, width) {
      const name = unique(wish);
      inputs.push({ name, type, shape: [batch, width] });
      return name;
    },
    node: (wish, op, from, options) => add(unique(wish), op, from, options),
    output(port, op, from, options) {
      outputs.push(port);
      add(port.name, op, from, options);
    },
    floats: (name, values, shape = [values.length]) => constant(name, shape, Float32Array.from(values)),
    integers: (name, values) => constant(name, [values.length], BigInt64Array.from(values, BigInt)),
    texts: (name, values) => constant(name, [values.length], values),
    graph: (name) => ({ name, nodes, constants, inputs, outputs }),
  };
}
