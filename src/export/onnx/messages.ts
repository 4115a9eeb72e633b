/**
 * The messages of an ONNX file. The numbers of fields and types are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { littleEndianBytes } from '../../model/weights.ts';
import { bytes, type Message, message, single, text, whole } from './protobuf.ts';

/** The operators of ai.onnx and of ai.onnx.ml that may be used; both are those of ONNX 1.12 (2022). */
export const opset = 17;
export const mlOpset = 3;
/** The version of the file's own form that came with them. */
const irVersion = 8;

/** `f`: a float, `i`: a whole number; the plural for lists. */
export type Attribute =
  | { f: number }
  | { i: number }
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { strings: readonly string[] };

export interface Node {
  op: string;
  /** `ai.onnx.ml`, or undefined for the usual operators. */
  domain: string | undefined;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** Numbers or texts of the graph itself. */
export interface Constant {
  name: string;
  shape: readonly number[];
  values: Float32Array | BigInt64Array | readonly string[];
}

export type ElementType = 'float' | 'int64' | 'string';

/** An input or output of the graph. A text in its shape names a size that is open: `n`. */
export interface Port {
  name: string;
  type: ElementType;
  shape: readonly (number | string)[];
}

export interface Graph {
  name: string;
  nodes: readonly Node[];
  constants: readonly Constant[];
  inputs: readonly Port[];
  outputs: readonly Port[];
}

export interface Model {
  graph: Graph;
  producer: { name: string; version: string };
  /** For people. */
  about: string;
  metadata: Readonly<Record<string, string>>;
}

const elementTypes = { float: 1, int64: 7, string: 8 } as const satisfies Record<ElementType, number>;

/** The whole file. */
export function modelMessage({ graph, producer, about, metadata }: Model): Message {
  const usesMl = graph.nodes.some(({ domain }) => domain !== undefined);
  return [
    whole(1, irVersion),
    text(2, producer.name),
    text(3, producer.version),
    text(6, about),
    graphMessage(7, graph),
    message(8, text(1, ''), whole(2, opset)),
    ...(usesMl ? [message(8, text(1, mlDomain), whole(2, mlOpset))] : []),
    ...Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value))),
  ].flat();
}

/** The operators for classical machine learning, which know texts. */
export const mlDomain = 'ai.onnx.ml';

function graphMessage(field: number, { name, nodes, constants, inputs, outputs }: Graph): Message {
  return message(
    field,
    ...nodes.map((node) => nodeMessage(1, node)),
    text(2, name),
    ...constants.map((constant) => tensorMessage(5, constant)),
    ...inputs.map((port) => portMessage(11, port)),
    ...outputs.map((port) => portMessage(12, port)),
  );
}

function nodeMessage(field: number, { op, domain, inputs, outputs, attributes }: Node): Message {
  return message(
    field,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs[0]!),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => attributeMessage(5, name, value)),
    ...(domain === undefined ? [] : [text(7, domain)]),
  );
}

function attributeMessage(field: number, name: string, value: Attribute): Message {
  const typed = (type: number, ...parts: Message[]) =>
    message(field, text(1, name), ...parts, whole(20, type));
  if ('f' in value) return typed(1, single(2, value.f));
  if ('i' in value) return typed(2, whole(3, value.i));
  if ('floats' in value) return typed(6, ...value.floats.map((one) => single(7, one)));
  if ('ints' in value) return typed(7, ...value.ints.map((one) => whole(8, one)));
  return typed(8, ...value.strings.map((one) => text(9, one)));
}

function tensorMessage(field: number, { name, shape, values }: Constant): Message {
  const dims = shape.map((size) => whole(1, size));
  if (values instanceof Float32Array) {
    const raw = bytes(9, littleEndianBytes(values));
    return message(field, ...dims, whole(2, elementTypes.float), text(8, name), raw);
  }
  if (values instanceof BigInt64Array) {
    const raw = new DataView(new ArrayBuffer(8 * values.length));
    for (const [i, value] of values.entries()) raw.setBigInt64(8 * i, value, true);
    return message(
      field,
      ...dims,
      whole(2, elementTypes.int64),
      text(8, name),
      bytes(9, new Uint8Array(raw.buffer)),
    );
  }
  return message(
    field,
    ...dims,
    whole(2, elementTypes.string),
    ...values.map((value) => text(6, value)),
    text(8, name),
  );
}

function portMessage(field: number, { name, type, shape }: Port): Message {
  const sizes = shape.map((size) => message(1, typeof size === 'string' ? text(2, size) : whole(1, size)));
  return message(
    field,
    text(1, name),
    message(2, message(1, whole(1, elementTypes[type]), message(2, ...sizes))),
  );
}
