// Measures what a core can do at most, in plain WebAssembly SIMD: see assembly/peak.ts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const turns = 20_000;

/**
 * Each number of chains, to be timed: `run` does `operations`. The peak is what the fastest does. A core's clock changes while it
 * works, so whoever wants a share of the peak measures both in turn.
 */
export async function chainsOfEachNumber() {
  const { exports } = await WebAssembly.instantiate(compile(), {}).then(({ instance }) => instance);
  return Object.entries(exports)
    .filter(([name]) => name.startsWith('chains'))
    .map(([name, kernel]) => {
      const chains = Number(name.slice('chains'.length));
      return { chains, operations: turns * chains * 8, run: () => kernel(turns, 1) };
    });
}

function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  try {
    const asc = createRequire(import.meta.url).resolve('assemblyscript/package.json');
    const file = join(folder, 'peak.wasm');
    // A relative path, because asc takes the folder it runs in for the root of all sources.
    const args = ['bench/assembly/peak.ts', '--outFile', file, '-O3', '--noAssert', '--runtime', 'stub'];
    execFileSync(process.execPath, [join(dirname(asc), 'bin/asc.js'), ...args, '--enable', 'simd'], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
