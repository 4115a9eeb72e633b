// Measures the most multiplications and additions a core can do in plain WebAssembly SIMD: independent chains of four lanes each, everything
// in registers, nothing loaded. Fewer chains than the latency of the instructions calls for, or more than there are registers, are
// slower, so there is a program for each number of chains, and for each of two kinds; the peak is what the fastest does.
//
//   multiply and add   s = s m + a, all multiplications of a turn before its additions. One after the other, each addition would wait for
//                      the multiplication just before it, and a Zen 4 core looks ahead too little to fill the gaps: 46 instead of 59 GFLOP/s.
//   multiply or add    Every other chain is s = s m, the rest s = s + a. A core of Intel's since Golden Cove, which multiplies or adds three
//                      vectors a cycle, but neither more than two, finds three in each cycle only so: 47 instead of 45 GFLOP/s.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const turns = 20_000;

/**
 * Each number of chains of each kind, to be timed: `run` does `operations`. A core's clock changes while it works, so whoever wants a
 * share of the peak measures both in turn.
 */
export async function chainsOfEachKind() {
  const programs = ['and', 'or'].flatMap((kind) =>
    [8, 10, 11, 12, 13].map((chains) => ({ chains, kind, name: `${kind}${chains}` })),
  );
  const { instance } = await WebAssembly.instantiate(compile(programs.map(assembly).join('\n')), {});
  return programs.map(({ chains, kind, name }) => ({
    name: `${chains} chains of multiply ${kind} add`,
    operations: turns * chains * (kind === 'and' ? 8 : 4),
    run: () => instance.exports[name](turns, 1),
  }));
}

/**
 * In AssemblyScript. With m below 1 a chain converges, to 0 or a / (1 - m), or grows by a: no overflow, and no subnormals in so few turns.
 * The sum of all is returned, so that nothing can be left out. m and a come from memory, because V8 makes constants, and what is made
 * of one number, anew in every turn. V8 would put each multiplication where its product is needed; a branch that is never taken, behind
 * which all products are needed, keeps them apart.
 */
function assembly({ chains, kind, name }) {
  const all = Array.from({ length: chains }, (_, i) => `s${i}`);
  const lines = (line) => all.map(line).join('\n    ');
  const multiply = (s) => `${s} = f32x4.mul(${s}, m);`;
  const add = (s) => `${s} = f32x4.add(${s}, a);`;
  const turn =
    kind === 'and'
      ? `${lines(multiply)}\n    if (!turn) break;\n    ${lines(add)}`
      : lines((s, i) => (i % 2 ? add(s) : multiply(s)));
  return `
export function ${name}(turns: i32, start: f32): f32 {
  const at = memory.data(32, 16);
  v128.store(at, f32x4.splat(0.9999));
  v128.store(at, f32x4.splat(start), 16);
  const m = v128.load(at);
  const a = v128.load(at, 16);
  ${all.map((s, i) => `let ${s} = f32x4.splat(start + ${i});`).join('\n  ')}
  for (let turn = 1; turn <= turns; turn++) {
    ${turn}
  }
  return f32x4.extract_lane(${all.reduce((sum, s) => `f32x4.add(${sum}, ${s})`)}, 0);
}`;
}

function compile(source) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  try {
    const asc = createRequire(import.meta.url).resolve('assemblyscript/package.json');
    writeFileSync(join(folder, 'peak.ts'), source);
    // A relative path, because asc takes the folder it runs in for the root of all sources.
    const args = ['peak.ts', '--outFile', 'peak.wasm', '-O3', '--noAssert', '--runtime', 'stub'];
    execFileSync(process.execPath, [join(dirname(asc), 'bin/asc.js'), ...args, '--enable', 'simd'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return readFileSync(join(folder, 'peak.wasm'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
