// Trains with ranks over MPI and compares every byte with one process: 1 to 4 ranks of 1 and 2 threads and
// inline, for four networks, with each family of MPI that is here. Then kills and stops ranks.
//
//   npm run test:ranks [-- --kills 30 --hangs 10 --family mpich --ranks 2,3 --threads 2,inline]
//
// mpirun is that of the machine; koffi is that of this checkout, or is installed into
// scripts/ranks/node_modules, without scripts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differing, otherData, strike } from './ranks/faults.mjs';
import { commandOf, environment, findLaunchers, program, start } from './ranks/launch.mjs';
import { writeNetworks } from './ranks/networks.mjs';

const { values: given } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    hangs: { type: 'string', default: '10' },
    family: { type: 'string', default: '' },
    ranks: { type: 'string', default: '1,2,3,4' },
    threads: { type: 'string', default: '1,2,inline' },
  },
});
const launchers = [...findLaunchers()].filter(([family]) =>
  family.toLowerCase().includes(given.family.toLowerCase()),
);
if (launchers.length === 0) {
  console.error('no mpirun of Open MPI or MPICH: on Debian, apt-get install openmpi-bin or mpich');
  process.exit(2);
}
const cwd = mkdtempSync(join(tmpdir(), 'lockstep-ranks-'));
const env = environment();
const networks = writeNetworks(cwd);
let [passed, failed] = [0, 0];
const judge = (what, wrong) => {
  if (wrong.length === 0) passed++;
  else {
    failed++;
    console.log(`FAILED ${what}: ${wrong.join('; ')}`);
  }
};

const digestOf = (out) => JSON.parse(readFileSync(join(cwd, out, 'summary.json'), 'utf8')).weightsSha256;
for (const { name, short, long } of networks) {
  for (const file of [short, long]) {
    const args = [program, file, '--threads', '2', '--out', `whole-${file}`, '--quiet'];
    const { code, err } = await start([process.execPath, ...args], { cwd, env }).ended;
    if (code !== 0) throw new Error(`${name}: exit ${code}\n${err}`);
  }
  console.log(`${name.padEnd(20)}  one process  ${digestOf(`whole-${short}`)}`);
}

const inline = fileURLToPath(new URL('ranks/inline.mjs', import.meta.url));
for (const [family, command] of launchers) {
  for (const { name, short: file } of networks) {
    for (const ranks of given.ranks.split(',').map(Number)) {
      for (const threads of given.threads.split(',')) {
        const what = `${family}, ${name}, ${ranks} ranks, ${threads}`;
        const out = `${family}-${file}-${ranks}-${threads}`.replaceAll(' ', '');
        const args =
          threads === 'inline'
            ? [inline, file]
            : [program, file, '--ranks', 'mpi', '--threads', threads, '--out', out, '--quiet'];
        const {
          code,
          err,
          out: said,
        } = await start(commandOf(family, command, ranks, args), { cwd, env }).ended;
        const wrong = code === 0 ? [] : [`exit ${code}\n${err}`];
        // A library may warn on standard output.
        let digest = said.trim().split('\n')[0];
        if (code === 0 && threads !== 'inline') {
          wrong.push(...differing(cwd, `whole-${file}`, out).map((path) => `other bytes in ${path}`));
          digest = digestOf(out);
        }
        if (digest !== digestOf(`whole-${file}`)) wrong.push(`digest ${digest}`);
        const kind = threads === 'inline' ? 'inline' : `${threads} thread${threads === '1' ? '' : 's'}`;
        if (wrong.length === 0) {
          console.log(`${name.padEnd(20)}  ${family}  ${ranks} x ${kind.padEnd(9)}  ${digest.slice(0, 16)}`);
        }
        judge(what, wrong);
      }
    }
  }
  await faults(family, command);
}

async function faults(family, command) {
  const site = { cwd, env, family, command };
  const trials = [
    ...Array(Number(given.kills)).fill('SIGKILL'),
    ...Array(Number(given.hangs)).fill('SIGSTOP'),
  ];
  for (const [trial, signal] of trials.entries()) {
    const { name, long: file } = networks[trial % networks.length];
    const out = `struck-${trial}`;
    const wrong = await strike(signal, site, { file, whole: `whole-${file}`, out });
    console.log(
      `${name.padEnd(20)}  ${family}  ${signal}  ${wrong.length === 0 ? 'ended, resumed' : 'FAILED'}`,
    );
    judge(`${family}, ${signal} ${trial}, ${name}`, wrong);
  }
  for (const [file, seed] of [
    ['a', 1],
    ['b', 2],
  ]) {
    const lines = Array.from({ length: 600 }, (_, i) => `${(i * 7 * seed) % 11},${(i * 5) % 13},${i % 2}`);
    writeFileSync(join(cwd, `${file}.csv`), `x,y,class\n${lines.join('\n')}\n`);
    writeFileSync(
      join(cwd, `${file}.yaml`),
      `name: same
data: { source: ${file}.csv, target: class, validation: 0 }
model: [{ kind: dense, units: 8 }, relu, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.1 }
batchSize: 512
epochs: 2
`,
    );
  }
  const wrong = await otherData(site);
  console.log(`${'other data'.padEnd(20)}  ${family}  ${wrong.length === 0 ? 'refused' : 'FAILED'}`);
  judge(`${family}, other data`, wrong);
}

console.log(`${passed} passed, ${failed} failed${failed > 0 ? `; see ${cwd}` : ''}`);
if (failed === 0) rmSync(cwd, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
