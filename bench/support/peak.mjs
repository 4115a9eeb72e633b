// Measures the peak: the most multiplications and additions a second of a core in plain WebAssembly SIMD. It
// runs independent chains of four lanes in registers, without loads. Fewer chains than the latency of the
// instructions needs are slower, and so are more chains than there are registers. So there is a program for
// each number of chains and for two kinds of chains, and the fastest gives the peak.
//
//   multiply and add   s = s m + a, with all multiplications of a turn before its additions. If they took
//                      turns, each addition would wait for the multiplication just before it, and a Zen 4
//                      core looks ahead too little to fill the gaps: 46 instead of 59 GFLOP/s.
//   multiply or add    Every other chain is s = s m, the rest are s = s + a. An Intel core since Golden Cove
//                      multiplies or adds three vectors a cycle, but at most two of either kind. Only this
//                      mix gives it three in each cycle: 47 instead of 45 GFLOP/s.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const turns = 20_000;

/**
 * The programs for each number and kind of chains, to be timed: `run` does `operations`. A core's clock
 * changes while it works, so a share of the peak must be measured in turn with the peak.
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
 * A program in AssemblyScript. With m below 1, a chain converges to 0 or a / (1 - m), or grows by a, so
 * there is no overflow, and no subnormal number in so few turns. The sum of all chains is returned, so that
 * no work can be left out. m and a come from memory, because V8 would make constants anew in every turn. V8
 * would also move each multiplication to the place where its product is needed. A branch that is never
 * taken, after which all products are needed, prevents that.
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
    // Relative paths, because asc takes its working folder for the root of all sources.
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
