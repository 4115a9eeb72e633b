/** The formats of exports: what each writes, and how its files are told from others. */
import type { ExportedNetwork } from './exported.ts';
import { jsMark, jsOf } from './js.ts';
import { npzMark, npzOf } from './npz.ts';
import { coarseColumns } from './onnx/inputs.ts';
import { onnxMark, onnxOf } from './onnx.ts';
import { safetensorsFileOf, safetensorsMark } from './safetensors.ts';

/** A file of an export, in pieces. */
export interface ExportedFile {
  path: string;
  pieces: readonly (Uint8Array | string)[];
}

export interface ExportFormat {
  /** The files beside FILE that are written with it. */
  beside(file: string): readonly string[];
  /** How the path has to end, if the readers of the format mind. */
  endings?: readonly string[];
  /** What our files hold from place `at` on. */
  mark: { at: number; text: string };
  /** What gets lost, for people: one line each. */
  losses?(exported: ExportedNetwork): readonly string[];
  /** FILE and those beside it. */
  write(exported: ExportedNetwork, file: string): Promise<readonly ExportedFile[]>;
}

const alone = (
  mark: ExportFormat['mark'],
  write: (exported: ExportedNetwork) => Uint8Array[],
): ExportFormat => ({
  beside: () => [],
  mark,
  write: async (exported, path) => [{ path, pieces: write(exported) }],
});

/** `model.js` has its types in `model.d.ts`, `model.mjs` in `model.d.mts`. */
const typesBeside = (file: string) => file.replace(/\.(m?)js$/, '.d.$1ts');

export const exportFormats = {
  onnx: {
    ...alone({ at: 0, text: onnxMark }, onnxOf),
    losses: ({ signature }) => coarseColumns(signature.preparation),
  },
  safetensors: alone({ at: 8, text: safetensorsMark }, safetensorsFileOf),
  npz: alone({ at: 30, text: npzMark }, npzOf),
  js: {
    beside: (file) => [typesBeside(file)],
    endings: ['.js', '.mjs'],
    mark: { at: 0, text: jsMark },
    async write(exported, path) {
      const { module, types } = await jsOf(exported);
      return [
        { path, pieces: module },
        { path: typesBeside(path), pieces: [types] },
      ];
    },
  },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof exportFormats;

export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[];
