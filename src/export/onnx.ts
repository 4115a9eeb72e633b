/**
 * A trained network as an ONNX file: raw rows in; classes, values or flags out. Preparation, layers and the
 * names of the classes are inside. docs/formats.md describes its inputs and outputs.
 */
import { LockstepError } from '../foundation/errors.ts';
import { classNames } from '../training/portable/portable.ts';
import { describeInTexts, type ExportedNetwork } from './exported.ts';
import { type GraphWriter, graphWriter } from './onnx/graph.ts';
import { writeInputs } from './onnx/inputs.ts';
import { writeLayer } from './onnx/layers.ts';
import { modelMessage } from './onnx/messages.ts';
import { outputNames, writeOutputs } from './onnx/outputs.ts';
import { byteLength } from './onnx/protobuf.ts';

/** What readers of protobuf take at most. */
const mostBytes = 2 ** 31 - 1;

/** The first bytes of every file of ours: the version of the form, and who made it. */
export const onnxMark = '\x08\x08\x12\x08lockstep';

/**
 * @returns the pieces of the file
 * @throws LockstepError `usage` if ONNX cannot hold the network
 */
export function onnxOf(exported: ExportedNetwork): Uint8Array[] {
  const { name, version, experiment, signature, weightsSha256 } = exported;
  const { features, preparation, targets, unit } = signature;
  const graph = graphWriter();
  for (const output of outputNames) graph.reserve(output);
  const constants = writeConstants(graph, exported);
  const z = writeNetwork(graph, exported, writeInputs(graph, features, preparation), constants);
  const names = targets.kind === 'classes' ? classNames(signature) : [];
  writeOutputs({ graph, z, targets, unit, loss: experiment.loss.kind, names });
  const file = modelMessage({
    graph: graph.graph(name),
    producer: { name: 'lockstep', version },
    about: `${name}, trained by Lockstep; weights of SHA-256 ${weightsSha256}`,
    metadata: describeInTexts(exported),
  });
  const size = byteLength(file);
  if (size <= mostBytes) return [...file];
  throw new LockstepError('usage', {
    where: '--format onnx',
    expected: 'a network of less than 2 GiB, which is what an ONNX file can hold',
    got: `${size} bytes`,
    hint: '`--format safetensors` has no such limit',
  });
}

/** The parameters and running statistics under their names in the plan. */
function writeConstants(
  graph: GraphWriter,
  { parameters, state }: ExportedNetwork,
): Record<'parameters' | 'state', string[]> {
  const write = ({ id, values, shape }: ExportedNetwork['parameters'][number]) =>
    graph.floats(id, values, shape);
  return { parameters: parameters.map(write), state: state.map(write) };
}

/** From what the network reads to its outputs, node by node. */
function writeNetwork(
  graph: GraphWriter,
  { network: { nodes, values } }: ExportedNetwork,
  input: string,
  constants: ReturnType<typeof writeConstants>,
): string {
  const names = new Array<string>(values.length);
  names[0] = input;
  for (const { role, path, config, plan, x, y, other, parameters, state } of nodes) {
    const id = path.replaceAll('[', '.').replaceAll(']', '');
    const from = names[x]!;
    if (role === 'fork') {
      names[y] = from;
      names[other!] = from;
    } else if (role === 'join') {
      names[y] = graph.node(`${id}.sum`, 'Add', [from, names[other!]!]);
    } else {
      names[y] = writeLayer(config, path, {
        graph,
        id: `${id}.${config.kind}`,
        x: from,
        plan,
        inputs: values[x]!.columns,
        parameters: byName(plan.parameters, parameters, constants.parameters),
        state: byName(plan.state ?? [], state, constants.state),
      });
    }
  }
  return names.at(-1)!;
}

function byName(
  plans: readonly { name: string }[],
  indices: readonly number[],
  constants: readonly string[],
): Record<string, string> {
  return Object.fromEntries(plans.map(({ name }, i) => [name, constants[indices[i]!]!]));
}
