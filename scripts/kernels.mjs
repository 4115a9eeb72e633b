// Compiles the WebAssembly kernels from AssemblyScript.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unroll } from './unroll.mjs';

/** A compiler found fault with the sources, and has said where. */
export class BuildError extends Error {}

/**
 * Plain SIMD and shared memory, nothing newer: relaxed SIMD gives other bits on other machines. The memory
 * is the caller's, and the module keeps no data of its own in it (stub runtime, no static strings). Once for
 * V8's newer compiler and once for its older one, see docs/kernels.md.
 */
export async function compileKernels(root, folder) {
  for (const [file, turbofan] of [
    ['kernels.wasm', 0],
    ['kernels-turbofan.wasm', 1],
  ]) {
    await assemble(root, [
      'src/kernels/assembly/index.ts',
      `--outFile=${join(folder, 'src/kernels', file)}`,
      ...['-O3', '--noAssert', '--runtime=stub', '--use=abort=', `--use=TURBOFAN=${turbofan}`],
      ...['--enable=simd', '--enable=threads', '--enable=bulk-memory'],
      ...['--importMemory', '--sharedMemory', '--initialMemory=1', '--maximumMemory=65536'],
    ]);
  }
}

/** Compiles AssemblyScript, after writing out the repeated lines of its files. */
async function assemble(root, args) {
  const { default: asc } = await import('assemblyscript/asc');
  const readFile = (name) => {
    const file = join(root, name);
    return existsSync(file) ? unroll(readFileSync(file, 'utf8')) : null;
  };
  const { error } = await asc.main(['--baseDir', root, ...args], {
    readFile,
    stdout: process.stderr,
    stderr: process.stderr,
  });
  if (error) throw new BuildError('AssemblyScript did not compile; dist/ stays as it was');
}
