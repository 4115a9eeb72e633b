/**
 * A trained network as one ES module without dependencies, for Node and browsers, and its types beside it.
 * The build has made the program (js/predictor.ts) one file; here it gets its numbers and the kernels.
 */
import { readFile } from 'node:fs/promises';
import { registeredModules } from '../experiment/modules.ts';
import { LockstepError } from '../foundation/errors.ts';
import { littleEndianBytes } from '../model/weights.ts';
import { classNames, type ExportedNetwork } from './exported.ts';
import type { ExportedJson } from './js/predictor.ts';
import { type AboutModel, typesOf } from './js/types.ts';

/** The first words of the module and of its types. */
export const jsMark = '// Made by Lockstep';

/** The longest text that V8 has; base64 needs four characters for three bytes. */
const longestText = 2 ** 29 - 24;

/** @throws LockstepError `usage` if the numbers of the network are too many for a text */
export async function jsOf(exported: ExportedNetwork): Promise<{ module: string[]; types: string }> {
  const { experiment, signature, parameters, state, version, name } = exported;
  const { features, targets, preparation, unit } = signature;
  const { seed, model, loss, kernels } = experiment;
  refuseOwnLayers(exported);
  const about = aboutModel(exported);
  const json: ExportedJson = {
    experiment: { seed, model, loss, kernels },
    signature: { features, targets, preparation, unit },
    names: targets.kind === 'classes' ? classNames(signature) : undefined,
  };
  const weights = Buffer.concat([...parameters, ...state].map(({ values }) => littleEndianBytes(values)));
  if (weights.length * (4 / 3) > longestText) throw tooLarge(weights.length);
  const [program, wasm] = await Promise.all([
    readFile(new URL('./js/program.js', import.meta.url), 'utf8'),
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
      weights.toString('base64'),
      '",\n});\n',
    ],
    types: `${head}\n${typesOf(about)}`,
  };
}

/** The program in the module knows no layers but ours. */
function refuseOwnLayers({ experiment, network }: ExportedNetwork): void {
  const used = new Set(network.nodes.map(({ config }) => config.kind));
  const own = registeredModules().find(({ kinds }) => kinds.some(({ kind }) => used.has(kind)));
  if (!own) return;
  throw new LockstepError('usage', {
    where: '--format js',
    expected: 'a network of layers that Lockstep has',
    got: `${experiment.name} with a layer of ${own.name}`,
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

function tooLarge(size: number): LockstepError {
  return new LockstepError('usage', {
    where: '--format js',
    expected: `at most ${Math.floor(longestText * 0.75)} bytes of weights, which a text in JavaScript can hold`,
    got: `${size} bytes`,
    hint: 'export it with `--format onnx`',
  });
}
