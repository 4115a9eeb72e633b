/** The formats of exports: what each writes, and how its files are told from others. */
import type { ExportedNetwork } from './exported.ts';
import { htmlMark, htmlOf } from './html.ts';
import { commonJsBy } from './js/commonjs.ts';
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
  /** FILE and those beside it, and what gets lost or is in the way, for people: one line each. */
  write(exported: ExportedNetwork, file: string): Promise<Written>;
}

export interface Written {
  files: readonly ExportedFile[];
  losses: readonly string[];
}

const alone = (
  mark: ExportFormat['mark'],
  write: (exported: ExportedNetwork) => Uint8Array[],
  losses: (exported: ExportedNetwork) => readonly string[] = () => [],
): ExportFormat => ({
  beside: () => [],
  mark,
  write: async (exported, path) => ({
    files: [{ path, pieces: write(exported) }],
    losses: losses(exported),
  }),
});

/** `model.js` has its types in `model.d.ts`, `model.mjs` in `model.d.mts`. */
const typesBeside = (file: string) => file.replace(/\.(m?)js$/, '.d.$1ts');

export const exportFormats = {
  onnx: alone({ at: 0, text: onnxMark }, onnxOf, ({ signature }) => coarseColumns(signature.preparation)),
  safetensors: alone({ at: 8, text: safetensorsMark }, safetensorsFileOf),
  npz: alone({ at: 30, text: npzMark }, npzOf),
  js: {
    beside: (file) => [typesBeside(file)],
    endings: ['.js', '.mjs'],
    mark: { at: 0, text: jsMark },
    async write(exported, path) {
      const { module, types } = await jsOf(exported);
      const files = [
        { path, pieces: module },
        { path: typesBeside(path), pieces: [types] },
      ];
      const manifest = await commonJsBy(path);
      const losses =
        manifest === undefined
          ? []
          : [`${path}: an ES module, and ${manifest} says "type": "commonjs"; for Node name it .mjs`];
      return { files, losses };
    },
  },
  html: {
    beside: () => [],
    endings: ['.html'],
    mark: { at: 0, text: htmlMark },
    async write(exported, path) {
      const { page, losses } = await htmlOf(exported);
      return { files: [{ path, pieces: [page] }], losses };
    },
  },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof exportFormats;

export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[];
