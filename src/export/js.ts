/**
 * A trained network as one ES module without dependencies, for Node and browsers, and its types beside it.
 * The build has made the program (js/predictor.ts) one file; here it gets its numbers and the kernels.
 */
import { readFile } from 'node:fs/promises';
import { LockstepError } from '../foundation/errors.ts';
import { classNames, foreignLayer, portableOf } from '../training/portable/portable.ts';
import type { ExportedNetwork } from './exported.ts';
import { type AboutModel, typesOf } from './js/types.ts';

/** The first words of the module and of its types. */
export const jsMark = '// Made by Lockstep';

/** The longest text that V8 has; base64 needs four characters for three bytes. */
const longestText = 2 ** 29 - 24;

/** @throws LockstepError `usage` if the numbers of the network are too many for a text */
export async function jsOf(exported: ExportedNetwork): Promise<{ module: string[]; types: string }> {
  const { version, name } = exported;
  refuseForeignLayers(exported, 'js');
  const about = aboutModel(exported);
  refuseLargeText(exported, 'js');
  const { json, weights } = portableOf(exported);
  const [program, wasm] = await Promise.all([
    readFile(new URL('../training/portable/program.js', import.meta.url), 'utf8'),
    readFile(new URL('../kernels/kernels.wasm', import.meta.url)),
  ]);
  const head = `${jsMark} ${version} from the run ${oneLine(name)}: predict(row) or predict([row, ...]).`;
  return {
    module: [
      `${head}\n`,
      program,
      `export const model = JSON.parse(${literal(JSON.stringify(about))});\n`,
      'export const predict = lockstepProgram.predictor({\n',
      `network: ${literal(JSON.stringify(json))},\n`,
      `kernels: "${wasm.toString('base64')}",\n`,
      'weights: "',
      Buffer.from(weights.buffer).toString('base64'),
      '",\n});\n',
    ],
    types: `${head}\n${typesOf(about)}`,
  };
}

/** The program in the file knows no layers but ours. */
export function refuseForeignLayers({ experiment, network }: ExportedNetwork, format: string): void {
  const module = foreignLayer(network);
  if (module === undefined) return;
  throw new LockstepError('usage', {
    where: `--format ${format}`,
    expected: 'a network of layers that Lockstep has',
    got: `${experiment.name} with a layer of ${module}`,
    hint: 'take safetensors or npz for the weights alone',
  });
}

function aboutModel({ name, version, weightsSha256, signature }: ExportedNetwork): AboutModel {
  const { features, targets } = signature;
  return {
    name,
    lockstep: version,
    weightsSha256,
    task: targets.kind,
    ...(features.kind === 'bytes'
      ? { shape: features.shape }
      : { columns: features.columns.map(({ name, kind }) => ({ name, kind })) }),
    ...(targets.kind === 'classes' ? { classes: classNames(signature) } : { targets: targets.names }),
  };
}

/** A text as JavaScript that can also stand in a page: `</script>` must not end it. */
const literal = (text: string) => JSON.stringify(text).replaceAll('<', '\\u003c');

/** A comment ends with its line, and JavaScript knows four kinds of ends. */
const oneLine = (text: string) => JSON.stringify(text).replace(/[\u2028\u2029<]/g, ' ');

/** The weights are a text in the file. */
export function refuseLargeText({ parameters, state }: ExportedNetwork, format: string): void {
  const size = [...parameters, ...state].reduce((sum, { values }) => sum + values.byteLength, 0);
  if (size * (4 / 3) <= longestText) return;
  const most = Math.floor(longestText * 0.75);
  throw new LockstepError('usage', {
    where: `--format ${format}`,
    expected: `at most ${most} bytes of weights, which a text in JavaScript can hold`,
    got: `${size} bytes`,
    hint: 'export it with `--format onnx`',
  });
}
