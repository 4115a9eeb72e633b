// Finds the libraries that Lockstep is compared with, and the reason if one is missing.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mnistFolder } from '../../dist/src/data/formats/mnist.js';
import { availableCores } from '../../dist/src/platform/cores.js';
import { startPeer } from './peer-process.mjs';

const folder = fileURLToPath(new URL('../peers', import.meta.url));
const files = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'].map((file) => join(mnistFolder(), file));
const threadCounts = [...new Set([1, availableCores()])];

/** Every peer in each variant. Those of the same `kind` differ only in the number of threads. */
const peers = [
  ...threadCounts.map((threads) => python('pytorch', threads)),
  ...threadCounts.map((threads) => python('sklearn', threads)),
  ...threadCounts.map((threads) => python('numpy', threads)),
  node('tfjs wasm', 'tfjs_peer.mjs', ['wasm'], 7680, 3),
  node('tfjs cpu', 'tfjs_peer.mjs', ['cpu'], 1280, 1),
  node('brain.js', 'brain_peer.mjs', [], 1280, 1),
];

/** Debian's package of each library in Python. */
const packages = { pytorch: 'python3-torch', sklearn: 'python3-sklearn', numpy: 'python3-numpy' };
const modules = { pytorch: 'torch', sklearn: 'sklearn', numpy: 'numpy' };

/**
 * `samples`: the number of samples, of the 60,000 of an epoch, that a slow peer trains on; its time is
 * scaled. `rounds`: the most rounds.
 */
function python(kind, threads) {
  return { kind, threads, samples: 60_000, rounds: 3, program: `${kind}_peer.py` };
}

function node(kind, program, args, samples, rounds) {
  return { kind, threads: 1, samples, rounds, program, args, javascript: true };
}

/** Starts all peers. Returns those that run, and a line for each that does not. */
export async function findPeers() {
  const found = [];
  const missing = [];
  const npm = installJavascript();
  for (const peer of peers) {
    try {
      if (peer.javascript && npm) throw new Error(npm);
      found.push({ ...peer, ...(await (peer.javascript ? startNode(peer) : startPython(peer))) });
    } catch (error) {
      const reason = error.message.split('\n')[0];
      if (!missing.some(({ kind }) => kind === peer.kind)) missing.push({ kind: peer.kind, reason });
    }
  }
  return { found, missing };
}

function startNode({ program, args }) {
  return startPeer(process.execPath, [join(folder, program), ...files, ...args]);
}

async function startPython({ kind, program, threads }) {
  const interpreter = findPython(kind);
  const count = String(threads);
  const env = { OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
  return startPeer(interpreter, [join(folder, program), ...files, count], env);
}

/**
 * Finds a Python with that library and a fast BLAS, or throws an Error that says how to get one. PYTHON names
 * an interpreter other than python3. A slow BLAS would be unfair: Debian's torch is ten times slower without
 * OpenBLAS.
 */
function findPython(kind) {
  const install = `Debian: apt-get install ${packages[kind]} libopenblas0-pthread`;
  // If the BLAS is a library of its own, it is among the mapped files once it has been used.
  const probe = `
import sys, ${modules[kind]}, numpy
numpy.ones((64, 64), 'f') @ numpy.ones((64, 64), 'f')
inside = False
if '${kind}' == 'pytorch':
    torch.ones(64, 64) @ torch.ones(64, 64)
    inside = torch.backends.mkl.is_available()
maps = open('/proc/self/maps').read() if sys.platform == 'linux' else 'openblas'
print('fast' if inside or 'openblas' in maps or 'mkl' in maps else 'slow')`;
  let reason = `no Python 3 with ${modules[kind]} was found (${install})`;
  for (const interpreter of process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3']) {
    try {
      const stdio = ['ignore', 'pipe', 'ignore'];
      const speed = execFileSync(interpreter, ['-c', probe], { encoding: 'utf8', stdio }).trim();
      if (speed === 'fast') return interpreter;
      reason = `${modules[kind]} of ${interpreter} has a slow BLAS, which would be unfair (${install})`;
    } catch {
      // Not this interpreter.
    }
  }
  throw new Error(reason);
}

/** Installs the libraries in JavaScript into bench/peers/node_modules. Returns the reason if that fails. */
function installJavascript() {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return undefined;
  console.log(
    `installing tfjs and brain.js into ${join(dirname(folder), 'peers/node_modules')}, without their scripts`,
  );
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync(npm, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
    return undefined;
  } catch {
    return '`npm ci` in bench/peers failed; see above';
  }
}
