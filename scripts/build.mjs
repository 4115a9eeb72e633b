// Builds dist/: first the WebAssembly kernels, then the TypeScript. Also makes `npx train` find the command
// in a checkout.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { unroll } from './unroll.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Runs a package's command-line program with the present node, in the present terminal. */
function run(packageName, program, args) {
  const file = join(dirname(require.resolve(`${packageName}/package.json`)), program);
  execFileSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
}

/** Compiles AssemblyScript, after writing out the repeated lines of its files. */
async function assemble(args) {
  const readFile = (name) => {
    const file = join(root, name);
    return existsSync(file) ? unroll(readFileSync(file, 'utf8')) : null;
  };
  const { error } = await asc.main(['--baseDir', root, ...args], {
    readFile,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  if (error) process.exit(1);
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(join(root, 'dist/src/kernels'), { recursive: true });

// Plain SIMD and shared memory, nothing newer: relaxed SIMD gives other bits on other machines. The memory
// is the caller's, and the module keeps no data of its own in it (stub runtime, no static strings). Once for V8's newer
// compiler and once for its older one, see docs/kernels.md.
for (const [file, turbofan] of [
  ['kernels.wasm', 0],
  ['kernels-turbofan.wasm', 1],
]) {
  await assemble([
    'src/kernels/assembly/index.ts',
    `--outFile=dist/src/kernels/${file}`,
    ...['-O3', '--noAssert', '--runtime=stub', '--use=abort=', `--use=TURBOFAN=${turbofan}`],
    ...['--enable=simd', '--enable=threads', '--enable=bulk-memory'],
    ...['--importMemory', '--sharedMemory', '--initialMemory=1', '--maximumMemory=65536'],
  ]);
}
await import('./catalogue.mjs');
run('typescript', 'bin/tsc', ['-p', '.']);
await import('./validators.mjs');

// The assets inside a report: a program and a style sheet for browsers.
run('typescript', 'bin/tsc', ['-p', 'src/report/browser']);
copyFileSync(join(root, 'src/report/browser/page.css'), join(root, 'dist/src/report/browser/page.css'));

// npm links the commands of dependencies, but not those of the checkout itself. Without this link, `npx
// train` would install the checkout into npm's cache and build it a second time.
const commands = join(root, 'node_modules/.bin');
if (existsSync(commands)) {
  const program = join(root, 'dist/src/cli/main.js');
  chmodSync(program, 0o755);
  rmSync(join(commands, 'train'), { force: true });
  if (process.platform === 'win32') {
    writeFileSync(join(commands, 'train.cmd'), '@node "%~dp0\\..\\..\\dist\\src\\cli\\main.js" %*\r\n');
  } else {
    symlinkSync('../../dist/src/cli/main.js', join(commands, 'train'));
  }
}
