/**
 * libjpeg, compiled to WebAssembly (MozJPEG 4, of the package @jsquash/jpeg). It decodes in whole numbers, so
 * a file gives the same pixels on every machine: those of Pillow, and of any program with libjpeg's defaults.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './packages.ts';

/** A decoded file: red, green, blue and alpha of each pixel. (height, width, 4) */
export interface DecodedJpeg {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

interface Codec {
  /** Calls the exit of a program if the file is no JPEG file. */
  decode(bytes: Uint8Array, turn: boolean): DecodedJpeg | null;
}

type Factory = (options: {
  noInitialRun: boolean;
  instantiateWasm(imports: object, done: (instance: WebAssembly.Instance) => void): object;
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<Codec>;

/** What libjpeg says of the file at hand; it goes on after a warning. */
let said: string[] = [];
let program: WebAssembly.Module | undefined;
let ready: Promise<Codec> | undefined;

async function start(): Promise<Codec> {
  const folder = join(packageFolder('@jsquash/jpeg', import.meta.url), 'codec', 'dec');
  program ??= new WebAssembly.Module(readFileSync(join(folder, 'mozjpeg_dec.wasm')));
  const { default: factory } = await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js');
  return (factory as unknown as Factory)({
    noInitialRun: true,
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(
        program!,
        imports as ConstructorParameters<typeof WebAssembly.Instance>[1],
      );
      done(instance);
      return instance.exports;
    },
    print: (line) => said.push(line),
    printErr: (line) => said.push(line),
  });
}

/**
 * Decodes a file. Throws an Error with the decoder's words if it is damaged; that includes a file that ends
 * early, which libjpeg itself would fill up with grey.
 */
export async function decodeJpegBytes(bytes: Uint8Array): Promise<DecodedJpeg> {
  ready ??= start();
  const codec = await ready;
  said = [];
  let decoded: DecodedJpeg | null = null;
  try {
    decoded = codec.decode(bytes, false);
  } catch (error) {
    // libjpeg has left its work half done. The next file gets a codec of its own.
    ready = undefined;
    throw new Error(said.at(-1) ?? (error as Error).message ?? 'unreadable');
  }
  const complaint = said.find((line) => !harmless.test(line));
  if (complaint !== undefined) throw new Error(complaint);
  if (decoded === null) throw new Error('unreadable');
  return decoded;
}

/** Some cameras leave bytes between the last line and the end of the file. */
const harmless = /^Corrupt JPEG data: \d+ extraneous bytes before marker 0xd9$/;
