// Finds the libraries that Lockstep is compared with, and the reason if one is missing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mnistFolder } from '../../dist/src/data/formats/mnist.js';
import { availableCores } from '../../dist/src/platform/cores.js';
import { startPeer } from './peer-process.mjs';

const folder = fileURLToPath(new URL('../peers', import.meta.url));
const files = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'].map((file) => join(mnistFolder(), file));
const threadCounts = [...new Set([1, availableCores()])];
const epoch = 60_000;

/** Where each library in Python comes from. */
const debian = (name) => `Debian: apt-get install ${name} libopenblas0-pthread`;
const libraries = {
  pytorch: { module: 'torch', install: debian('python3-torch') },
  // Debian 12 has PyTorch 1.13, which cannot compile.
  'pytorch compile': { module: 'torch', install: 'pip install torch, 2.0 or newer, and a C++ compiler' },
  jax: { module: 'jax', install: 'pip install jax', ownBlas: true },
  sklearn: { module: 'sklearn', install: debian('python3-sklearn') },
  numpy: { module: 'numpy', install: debian('python3-numpy') },
};

/** Every peer in each variant. Those of the same `kind` differ only in the number of threads. */
const peers = [
  ...python('pytorch', 'pytorch_peer.py'),
  ...python('pytorch compile', 'pytorch_peer.py', ['compile']),
  ...python('jax', 'jax_peer.py'),
  ...python('sklearn', 'sklearn_peer.py'),
  ...python('numpy', 'numpy_peer.py'),
  node('jax-js', 'jax_js_peer.mjs', [], { samples: 7680, rounds: 3 }),
  node('tfjs wasm', 'tfjs_peer.mjs', ['wasm'], { samples: 7680, rounds: 3 }),
  node('tfjs cpu', 'tfjs_peer.mjs', ['cpu'], { samples: 1280, rounds: 1, slow: true }),
  node('brain.js', 'brain_peer.mjs', [], { samples: 1280, rounds: 1, slow: true }),
];

/** The kinds of peers, in the order of the table. */
export const peerKinds = [...new Set(peers.map(({ kind }) => kind))];

/**
 * `samples`: the number of samples, of the 60,000 of an epoch, that a slow peer trains on; its time is
 * scaled. `rounds`: the most rounds. `slow`: measured with small batches of the seed networks, and elsewhere
 * only if it is named.
 */
function python(kind, program, args = []) {
  return threadCounts.map((threads) => ({ kind, threads, samples: epoch, rounds: 3, program, args }));
}

function node(kind, program, args, limits) {
  return { kind, threads: 1, program, args, javascript: true, ...limits };
}

/** Starts the peers of these kinds. Returns those that run, and a line for each that does not. */
export async function findPeers(kinds = peerKinds) {
  const found = [];
  const missing = [];
  const chosen = peers.filter(({ kind }) => kinds.includes(kind));
  const npm = chosen.some(({ javascript }) => javascript) ? installJavascript() : undefined;
  for (const peer of chosen) {
    if (missing.some(({ kind }) => kind === peer.kind)) continue;
    try {
      if (peer.javascript && npm) throw new Error(npm);
      found.push({ ...peer, ...(await (peer.javascript ? startNode(peer) : startPython(peer))) });
    } catch (error) {
      missing.push({ kind: peer.kind, reason: error.message.split('\n')[0] });
    }
  }
  return { found, missing };
}

function startNode({ program, args }) {
  return startPeer(process.execPath, [join(folder, program), ...files, ...args]);
}

async function startPython({ kind, program, args, threads }) {
  const count = String(threads);
  const env = { OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
  return startPeer(findPython(kind), [join(folder, program), ...files, count, ...args], env);
}

/**
 * Finds a Python with that library and a fast BLAS, or throws an Error that says how to get one. PYTHON names
 * an interpreter other than python3. A slow BLAS would be unfair: Debian's torch is ten times slower without
 * OpenBLAS.
 */
function findPython(kind) {
  const { module, install, ownBlas } = libraries[kind];
  let reason = `no Python 3 with ${module} was found (${install})`;
  for (const interpreter of process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3']) {
    try {
      const args = ['-c', ownBlas ? `import ${module}` : probeOf(module)];
      const stdio = ['ignore', 'pipe', 'ignore'];
      const speed = execFileSync(interpreter, args, { encoding: 'utf8', stdio }).trim();
      if (ownBlas || speed === 'fast') return interpreter;
      reason = `${module} of ${interpreter} has a slow BLAS, which would be unfair (${install})`;
    } catch {
      // Not this interpreter.
    }
  }
  throw new Error(reason);
}

/** A program that prints whether a module has a fast BLAS. */
function probeOf(module) {
  // If the BLAS is a library of its own, it is among the mapped files once it has been used.
  return `
import sys, ${module}, numpy
numpy.ones((64, 64), 'f') @ numpy.ones((64, 64), 'f')
inside = False
if '${module}' == 'torch':
    torch.ones(64, 64) @ torch.ones(64, 64)
    inside = torch.backends.mkl.is_available()
maps = open('/proc/self/maps').read() if sys.platform == 'linux' else 'openblas'
print('fast' if inside or 'openblas' in maps or 'mkl' in maps else 'slow')`;
}

/** Installs the libraries in JavaScript into bench/peers/node_modules. Returns the reason if that fails. */
function installJavascript() {
  if (hasJavascript()) return undefined;
  console.log(`installing peers in JavaScript into ${join(folder, 'node_modules')}, without their scripts`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync(npm, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
    return undefined;
  } catch {
    return '`npm ci` in bench/peers failed; see above';
  }
}

/** Whether all of them are there, in the versions that are pinned. */
function hasJavascript() {
  const read = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  try {
    const { dependencies } = read('package.json');
    return Object.entries(dependencies).every(
      ([name, version]) => read(`node_modules/${name}/package.json`).version === version,
    );
  } catch {
    return false;
  }
}
