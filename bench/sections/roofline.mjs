// What keeps the dense products from the peak: the loop of the register tile in assembly, its instructions in
// the order that V8's older compiler would give them, in the tile's order, and in others. See
// ../native/tile.S and src/kernels/assembly/tile.ts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chainsOfEachKind } from '../support/peak.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { kernelSpace } from '../support/space.mjs';
import { percent } from '../support/table.mjs';

const orders = {
  v8: 'all loads, then each addition behind its multiplication',
  'v8-pairs': 'all loads, then two multiplications before their additions',
  tile: "the tile's: row by row: load, each addition behind its multiplication",
  'by-row': 'row by row: load, two multiplications, two additions',
};

export async function roofline({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  try {
    const program = join(folder, 'tile');
    const missing = compile(program);
    if (missing) {
      console.log(`\nroofline: missing, ${missing}`);
      return [];
    }
    const rates = new Map();
    const keep = (name, rate) => rates.set(name, [...(rates.get(name) ?? []), rate]);
    const peaks = await chainsOfEachKind();
    const tile = lockstepTile();
    for (let round = 0; round < (quick ? 2 : 10); round++) {
      progress(`roofline: round ${round + 1}`);
      keep('peak', Math.max(...peaks.map(({ operations, run }) => bestRate(operations, run))));
      keep('tile', tile());
      for (const text of execFileSync(program, { encoding: 'utf8' }).trim().split('\n')) {
        const [order, turn, rate] = text.split(' ');
        keep(`assembly, ${turn} steps a turn, ${orders[order]}`, Number(rate));
      }
    }
    progress('');
    const top = Math.max(...rates.get('peak'));
    const names = { peak: 'peak: chains of multiply and add', tile: "Lockstep's affine 64 x 128 x 128" };
    return [...rates].map(([name, all]) =>
      line('roofline', names[name] ?? name, 'GFLOP/s', 'higher', all, {
        'of peak': percent(Math.max(...all) / top),
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the loops. Returns the reason if that is not possible. */
function compile(program) {
  if (process.arch !== 'x64' || process.platform !== 'linux')
    return `the assembly is for x64 and Linux, not ${process.arch} ${process.platform}`;
  const sources = ['tile.cpp', 'tile.S'].map((name) =>
    fileURLToPath(new URL(`../native/${name}`, import.meta.url)),
  );
  const compiler = process.env.CXX ?? 'g++';
  try {
    execFileSync(compiler, ['-O2', '-mavx', '-o', program, ...sources], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const [first] = String(error.stderr || error.message)
      .trim()
      .split('\n');
    return `${compiler}: ${first}`;
  }
}

/** Lockstep's kernel, which calls the tile 256 times. */
function lockstepTile() {
  const [rows, fanIn, units] = [64, 128, 128];
  const { kernels, matrix, vector, panels } = kernelSpace(2 ** 19);
  const [x, y, W, b] = [matrix(rows, fanIn), matrix(rows, units), panels(fanIn, units, 8), vector(units)];
  return () =>
    bestRate(2 * rows * fanIn * units, () => kernels.affine(x, W, b, y, { first: 0, count: rows }));
}

function bestRate(operations, run) {
  let best = 0;
  for (let call = 0; call < 1000; call++) {
    const begun = performance.now();
    run();
    best = Math.max(best, operations / (performance.now() - begun) / 1e6);
  }
  return best;
}
