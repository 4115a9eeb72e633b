// Reads ONNX files and works out their graphs, in float64 and as plainly as it goes: an opinion of its own on
// what a file says. The numbers of fields are those of onnx.proto.

/** Fields of a message by their numbers: whole numbers, or bytes. */
type Fields = Map<number, (bigint | Uint8Array)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const [field, kind] = [key >> 3, key & 7];
    let value: bigint | Uint8Array;
    if (kind === 0) value = varint();
    else {
      const length = kind === 5 ? 4 : Number(varint());
      value = bytes.subarray(at, at + length);
      at += length;
    }
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  if (at !== bytes.length) throw new Error(`a message ends at ${at} of ${bytes.length}`);
  return fields;
}

const text = (value: bigint | Uint8Array | undefined) => new TextDecoder().decode(value as Uint8Array);
const view = (value: bigint | Uint8Array | undefined) => {
  const { buffer, byteOffset, byteLength } = value as Uint8Array;
  return new DataView(buffer, byteOffset, byteLength);
};
const signed = (value: bigint | Uint8Array) => Number(BigInt.asIntN(64, value as bigint));

type Cell = number | string;
/** Rows of cells. A vector is a single row. */
type Rows = readonly (readonly Cell[])[];

type Attributes = Record<string, number | readonly number[] | readonly string[]>;

export interface OnnxNode {
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Attributes;
}

export interface OnnxPort {
  name: string;
  type: number;
  shape: (number | string)[];
}

export interface OnnxModel {
  irVersion: number;
  producer: string;
  opsets: Record<string, number>;
  metadata: Record<string, string>;
  nodes: OnnxNode[];
  constants: Map<string, { shape: number[]; type: number; rows: Rows }>;
  inputs: OnnxPort[];
  outputs: OnnxPort[];
}

export function readOnnx(file: Uint8Array): OnnxModel {
  const model = fieldsOf(file);
  const graph = fieldsOf(model.get(7)![0] as Uint8Array);
  const each = (fields: Fields, field: number) =>
    (fields.get(field) ?? []).map((one) => fieldsOf(one as Uint8Array));
  const pairs = (list: Fields[]) => list.map((one) => [text(one.get(1)?.[0]), one.get(2)![0]!] as const);
  return {
    irVersion: signed(model.get(1)![0]!),
    producer: text(model.get(2)![0]),
    opsets: Object.fromEntries(pairs(each(model, 8)).map(([domain, version]) => [domain, signed(version)])),
    metadata: Object.fromEntries(pairs(each(model, 14)).map(([key, value]) => [key, text(value)])),
    nodes: each(graph, 1).map((node) => ({
      inputs: (node.get(1) ?? []).map(text),
      outputs: (node.get(2) ?? []).map(text),
      op: text(node.get(4)![0]),
      domain: text(node.get(7)?.[0] ?? new Uint8Array()),
      attributes: Object.fromEntries(each(node, 5).map(attributeOf)),
    })),
    constants: new Map(each(graph, 5).map(constantOf)),
    inputs: each(graph, 11).map(portOf),
    outputs: each(graph, 12).map(portOf),
  };
}

function attributeOf(fields: Fields): [string, Attributes[string]] {
  const floats = (list: readonly (bigint | Uint8Array)[]) => list.map((one) => view(one).getFloat32(0, true));
  const all = (field: number) => fields.get(field) ?? [];
  const kinds: Record<number, () => Attributes[string]> = {
    1: () => floats(all(2))[0]!,
    2: () => signed(all(3)[0]!),
    6: () => floats(all(7)),
    7: () => all(8).map(signed),
    8: () => all(9).map(text),
  };
  return [text(fields.get(1)![0]), kinds[signed(fields.get(20)![0]!)]!()];
}

function constantOf(fields: Fields): [string, { shape: number[]; type: number; rows: Rows }] {
  const shape = (fields.get(1) ?? []).map(signed);
  const type = signed(fields.get(2)![0]!);
  const raw = fields.has(9) ? view(fields.get(9)![0]) : undefined;
  const count = shape.reduce((product, size) => product * size, 1);
  const cells: Cell[] = raw
    ? Array.from({ length: count }, (_, i) =>
        type === 1 ? raw.getFloat32(4 * i, true) : Number(raw.getBigInt64(8 * i, true)),
      )
    : fields.get(6)!.map(text);
  if (cells.length !== count) throw new Error(`${cells.length} values for a shape of ${count}`);
  const width = shape.at(-1)!;
  const rows = Array.from({ length: count / width }, (_, r) => cells.slice(r * width, (r + 1) * width));
  return [text(fields.get(8)![0]), { shape, type, rows }];
}

function portOf(fields: Fields): OnnxPort {
  const tensor = fieldsOf(fieldsOf(fields.get(2)![0] as Uint8Array).get(1)![0] as Uint8Array);
  const dims = fieldsOf(tensor.get(2)![0] as Uint8Array)
    .get(1)!
    .map((dim) => fieldsOf(dim as Uint8Array));
  return {
    name: text(fields.get(1)![0]),
    type: signed(tensor.get(1)![0]!),
    shape: dims.map((dim) => (dim.has(2) ? text(dim.get(2)![0]) : signed(dim.get(1)![0]!))),
  };
}

/** The error function, by the sum of Simpson's rule. */
function erf(x: number): number {
  const steps = 400;
  const h = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * h) ** 2));
  }
  return (2 / Math.sqrt(Math.PI)) * (h / 3) * sum;
}

const numbers = (row: readonly Cell[]) => row as readonly number[];

/** Cell by cell; rows and columns that are one count for all. */
function cellwise(of: (...cells: number[]) => number, ...parts: Rows[]): Rows {
  const height = Math.max(...parts.map((rows) => rows.length));
  const width = Math.max(...parts.map((rows) => rows[0]!.length));
  return Array.from({ length: height }, (_, r) =>
    Array.from({ length: width }, (_, c) =>
      of(
        ...parts
          .map((rows) => (rows.length === 1 ? rows[0]! : rows[r]!))
          .map((row) => numbers(row)[row.length === 1 ? 0 : c]!),
      ),
    ),
  );
}

const one =
  (of: (x: number) => number) =>
  (_: Attributes, x: Rows): Rows =>
    cellwise(of, x);
const two =
  (of: (x: number, y: number) => number) =>
  (_: Attributes, x: Rows, y: Rows): Rows =>
    cellwise(of, x, y);

/** Sizes of what has more than two axes; its rows are still those of the first axis. */
const shapes = new WeakMap<Rows, readonly number[]>();

function shaped(shape: readonly number[], cells: readonly Cell[]): Rows {
  const width = cells.length / shape[0]!;
  const rows = Array.from({ length: shape[0]! }, (_, r) => cells.slice(r * width, (r + 1) * width));
  shapes.set(rows, shape);
  return rows;
}

const shapeOf = (x: Rows) => shapes.get(x) ?? [x.length, x[0]!.length];

function reshape(x: Rows, wanted: readonly number[]): Rows {
  const cells = x.flat();
  const known = wanted.filter((size) => size >= 0).reduce((product, size) => product * size, 1);
  return shaped(
    wanted.map((size) => (size < 0 ? cells.length / known : size)),
    cells,
  );
}

function transpose(x: Rows, perm: readonly number[]): Rows {
  const [from, cells] = [shapeOf(x), x.flat()];
  const strides = from.map((_, axis) => from.slice(axis + 1).reduce((product, size) => product * size, 1));
  const to = perm.map((axis) => from[axis]!);
  const places = to.reduce<number[]>(
    (at, size, i) =>
      at.flatMap((base) => Array.from({ length: size }, (_, k) => base + k * strides[perm[i]!]!)),
    [0],
  );
  return shaped(
    to,
    places.map((at) => cells[at]!),
  );
}

/** Channel by channel: what `of` makes of the cells that each window sees, undefined where there is none. */
function windows(
  { kernel_shape, strides, pads, dilations = [1, 1] }: Attributes,
  x: Rows,
  channels: number,
  of: (seen: (channel: number) => (number | undefined)[], channel: number) => number,
): Rows {
  const [, given, height, width] = shapeOf(x) as [number, number, number, number];
  const [kernel, stride, before, gap] = [kernel_shape, strides, pads, dilations] as number[][];
  const places = (axis: 0 | 1, length: number) => {
    const reach = (kernel![axis]! - 1) * gap![axis]! + 1;
    return Math.floor((length + before![axis]! + before![axis + 2]! - reach) / stride![axis]!) + 1;
  };
  const [tall, wide] = [places(0, height), places(1, width)];
  const made = x.flatMap((image) =>
    Array.from({ length: channels * tall * wide }, (_, i) => {
      const [channel, place] = [Math.floor(i / (tall * wide)), i % (tall * wide)];
      const [py, px] = [Math.floor(place / wide), place % wide];
      const seen = (c: number) =>
        Array.from({ length: kernel![0]! * kernel![1]! }, (_, k) => {
          const line = py * stride![0]! - before![0]! + Math.floor(k / kernel![1]!) * gap![0]!;
          const column = px * stride![1]! - before![1]! + (k % kernel![1]!) * gap![1]!;
          const inside = line >= 0 && line < height && column >= 0 && column < width;
          return inside ? (image[(c * height + line) * width + column] as number) : undefined;
        });
      return of(seen, channel);
    }),
  );
  if (given < 1) throw new Error('an image without channels');
  return shaped([x.length, channels, tall, wide], made);
}

const largestOf = (row: readonly Cell[]) => numbers(row).indexOf(Math.max(...numbers(row)));

/** What each operator makes of its inputs: its first output. */
const operators: Record<string, (attributes: Attributes, ...inputs: Rows[]) => Rows> = {
  Add: two((x, y) => x + y),
  Sub: two((x, y) => x - y),
  Mul: two((x, y) => x * y),
  Div: two((x, y) => x / y),
  Greater: two((x, y) => Number(x > y)),
  Floor: one(Math.floor),
  Erf: one(erf),
  Relu: one((x) => Math.max(0, x)),
  Tanh: one(Math.tanh),
  Sigmoid: one((x) => 1 / (1 + Math.exp(-x))),
  IsNaN: one((x) => Number(Number.isNaN(x))),
  Cast: (_, x) => x,
  Where: (_, is, x, y) => cellwise((is, x, y) => (is ? x : y), is!, x!, y!),
  LeakyRelu: ({ alpha }, x) => cellwise((x) => (x < 0 ? (alpha as number) * x : x), x!),
  Elu: ({ alpha }, x) => cellwise((x) => (x < 0 ? (alpha as number) * Math.expm1(x) : x), x!),
  Gemm: (_, x, W, b) =>
    x!.map((row) =>
      numbers(b![0]!).map((bias, c) =>
        numbers(row).reduce((sum, v, i) => sum + v * numbers(W![i]!)[c]!, bias),
      ),
    ),
  BatchNormalization: ({ epsilon }, ...of) =>
    cellwise((x, g, b, m, v) => (g! * (x! - m!)) / Math.sqrt(v! + (epsilon as number)) + b!, ...of),
  LayerNormalization: ({ epsilon }, x, g, b) => {
    const centred = x!.map((row) => {
      const mean = numbers(row).reduce((sum, v) => sum + v, 0) / row.length;
      const off = numbers(row).map((v) => v - mean);
      const variance = off.reduce((sum, v) => sum + v * v, 0) / row.length;
      return off.map((v) => v / Math.sqrt(variance + (epsilon as number)));
    });
    return cellwise((x, g, b) => x * g + b, centred, g!, b!);
  },
  Concat: (_, ...parts) => parts[0]!.map((_, r) => parts.flatMap((part) => part[r]!)),
  Gather: ({ axis }, x, at) =>
    axis === 1
      ? x!.map((row) => numbers(at![0]!).map((c) => row[c]!))
      : at!.map(([i]) => [x![0]![i as number]!]),
  Flatten: (_, x) => x!,
  Reshape: (_, x, shape) => reshape(x!, numbers(shape![0]!)),
  Transpose: ({ perm }, x) => transpose(x!, perm as number[]),
  Conv(attributes, x, W, b) {
    const [outputs, inputs] = shapeOf(W!) as [number, number];
    const each = outputs / (attributes.group as number);
    return windows(attributes, x!, outputs, (seen, o) => {
      const first = Math.floor(o / each) * inputs;
      const cells = Array.from({ length: inputs }, (_, i) => seen(first + i)).flat();
      const weights = numbers(W![o]!);
      return cells.reduce<number>((sum, v, i) => sum + (v ?? 0) * weights[i]!, b ? numbers(b[0]!)[o]! : 0);
    });
  },
  MaxPool: (attributes, x) =>
    windows(attributes, x!, shapeOf(x!)[1]!, (seen, c) =>
      Math.max(...seen(c).filter((v) => v !== undefined)),
    ),
  AveragePool: (attributes, x) =>
    windows(attributes, x!, shapeOf(x!)[1]!, (seen, c) => {
      const there = seen(c).filter((v) => v !== undefined);
      return there.reduce((sum, v) => sum + v, 0) / there.length;
    }),
  LabelEncoder: ({ keys_strings: keys, values_int64s: values, default_int64: none }, x) =>
    x!.map((row) =>
      row.map((word) => (values as number[])[(keys as string[]).indexOf(word as string)] ?? (none as number)),
    ),
  OneHotEncoder: ({ cats_int64s: list }, x) =>
    x!.map(([at]) => (list as number[]).map((one) => Number(one === at))),
  Softmax: (_, x) =>
    x!.map((row) => {
      const powers = numbers(row).map((z) => Math.exp(z - Math.max(...numbers(row))));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    }),
  ArgMax: (_, x) => x!.map((row) => [largestOf(row)]),
  TopK: (_, x) => x!.map((row) => [...numbers(row)].sort((a, b) => b - a)),
  CumSum: (_, x) => {
    const upTo = (row: readonly number[], c: number) => row.slice(0, c + 1).reduce((a, b) => a + b);
    return x!.map((row) => numbers(row).map((_, c) => upTo(numbers(row), c)));
  },
  ReduceMax: (_, x) => x!.map((row) => [Math.max(...numbers(row))]),
};

/** Works out the outputs of a graph for these inputs, by their names. */
export function runOnnx(
  { nodes, constants, outputs }: OnnxModel,
  inputs: Record<string, Rows>,
): Record<string, Rows> {
  const values = new Map(Object.entries(inputs));
  for (const [name, { rows, shape }] of constants) {
    values.set(name, rows);
    if (shape.length > 2) values.set(name, shaped(shape, rows.flat()));
  }
  for (const { op, inputs, outputs, attributes } of nodes) {
    const operator = operators[op];
    if (!operator) throw new Error(`no such operator here: ${op}`);
    const given = inputs.map((name) => {
      const found = values.get(name);
      if (!found) throw new Error(`${op} reads ${name}, which nothing has made`);
      return found;
    });
    values.set(outputs[0]!, operator(attributes, ...given));
  }
  return Object.fromEntries(outputs.map(({ name }) => [name, values.get(name)!]));
}
