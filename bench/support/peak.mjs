// Measures what a core can do at most, in plain WebAssembly SIMD: see assembly/peak.ts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Billions of operations a second of each number of chains, best first. */
export async function measurePeak(rounds) {
  const { exports } = await WebAssembly.instantiate(compile(), {}).then(({ instance }) => instance);
  const kernels = Object.entries(exports)
    .filter(([name]) => name.startsWith('chains'))
    .map(([name, run]) => ({ chains: Number(name.slice('chains'.length)), run, rates: [] }));
  const turns = 1_000_000;
  // The first rounds warm up: V8 compiles what runs for long once more.
  for (let round = -2; round < rounds; round++) {
    for (const { chains, run, rates } of kernels) {
      const begun = performance.now();
      run(turns, 1);
      if (round >= 0) rates.push((turns * chains * 8) / (performance.now() - begun) / 1e6);
    }
  }
  return kernels.toSorted((a, b) => Math.max(...b.rates) - Math.max(...a.rates));
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
