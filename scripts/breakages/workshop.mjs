// A copy of the checkout, in which one file at a time is broken, built and tested.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { compileKernels } from '../kernels.mjs';

/** Milliseconds after which tests count as caught in an endless loop. */
const patience = { named: 400_000, all: 1_800_000 };

/** A kernel's file: compiled by another compiler, all of them together. */
const isKernel = (file) => file.startsWith('src/kernels/assembly/');

/** Copies the tracked files and dist/, and links node_modules. */
export async function copyCheckout(root) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-breakages-'));
  const { stdout, status } = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error('breakages: expected a checkout, of which git lists the files');
  // A link to a folder is none of those that git ignores.
  const files = stdout.split('\0').filter((file) => file !== '' && file !== 'node_modules');
  const at = (file) => join(folder, file);
  for (const file of files) cpSync(join(root, file), at(file), { verbatimSymlinks: true });
  cpSync(join(root, 'dist'), at('dist'), { recursive: true });
  // What the build makes of the layers' files, and git does not keep.
  cpSync(join(root, 'src/model/catalogue.generated.ts'), at('src/model/catalogue.generated.ts'));
  symlinkSync(join(root, 'node_modules'), at('node_modules'));
  const compiler = startCompiler(folder);

  /** Files as they were, by path in the folder. */
  let kept = new Map();
  const write = (path, text) => {
    if (!kept.has(path)) kept.set(path, readFileSync(at(path)));
    writeFileSync(at(path), text);
  };

  async function assemble() {
    for (const name of ['kernels.wasm', 'kernels-turbofan.wasm']) {
      const path = `dist/src/kernels/${name}`;
      write(path, readFileSync(at(path)));
    }
    try {
      await compileKernels(folder, at('dist'));
      return undefined;
    } catch (error) {
      return error.message;
    }
  }

  return {
    /** Makes an edit and builds it. Returns why it cannot, or undefined. */
    async apply(file, from, to) {
      const text = readFileSync(at(file), 'utf8');
      const pieces = text.split(from);
      if (pieces.length !== 2) return `its text is there ${pieces.length - 1} times, not once`;
      if (!isKernel(file)) {
        const { output, faults } = compiler.compile(file, text);
        const built = readFileSync(at(`dist/${outputOf(file)}`), 'utf8');
        if (faults || output !== built) return `dist/${outputOf(file)} is not what is built from it`;
      }
      const broken = pieces.join(to);
      write(file, broken);
      if (isKernel(file)) return assemble();
      const { output, faults } = compiler.compile(file, broken);
      if (faults) return faults;
      write(`dist/${outputOf(file)}`, output);
      return undefined;
    },
    /** Undoes the edit. */
    mend() {
      for (const [path, bytes] of kept) writeFileSync(at(path), bytes);
      kept = new Map();
    },
    /** Runs these test files, or all but `without`, until a test fails. */
    async test(tests, without = []) {
      const report = at('.report.json');
      rmSync(report, { force: true });
      const args = ['run', ...tests, ...without.flatMap((file) => ['--exclude', file]), '--bail', '1'];
      const vitest = [
        at('node_modules/vitest/vitest.mjs'),
        ...args,
        '--reporter',
        'json',
        '--outputFile',
        report,
      ];
      const limit = tests.length > 0 ? patience.named : patience.all;
      const { status, text } = await inTime(vitest, folder, limit);
      if (status === 'late') return { failed: true, by: 'it never ends' };
      const json = readJson(report);
      if (!json || json.testResults.length === 0) throw new Error(`no test ran:\n${text}`);
      const failed = json.testResults.find((result) => result.status === 'failed');
      if (status === 0) return { failed: false };
      const file = failed?.name.slice(folder.length + 1);
      return { failed: true, file, by: failed ? titleOf(failed, file) : 'an error outside of any test' };
    },
    end() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs Node.js. If it takes too long, it and all that it started is killed. */
function inTime(args, cwd, limit) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (piece) => {
        text += piece;
      });
    }
    const killAll = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nothing is left of it.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      killAll();
    }, limit);
    child.on('error', reject);
    child.on('exit', (status) => {
      clearTimeout(timer);
      // What a broken test has left behind.
      killAll();
      resolve({ status: late ? 'late' : status, text });
    });
  });
}

const outputOf = (file) => file.replace(/\.ts$/, '.js');

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The test that failed, or the file that could not be loaded. */
function titleOf(result, file) {
  const failed = result.assertionResults.find(({ status }) => status === 'failed');
  return failed ? `${file}: ${failed.fullName.slice(0, 70)}` : `${file} cannot be loaded`;
}

/** The compiler of the build, with all files in memory: a changed one takes a moment. */
function startCompiler(folder) {
  const configFile = join(folder, 'tsconfig.json');
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const edited = new Map();
  let version = 0;
  const service = ts.createLanguageService({
    getScriptFileNames: () => fileNames,
    getScriptVersion: (name) => String(edited.get(name)?.version ?? 0),
    getScriptSnapshot(name) {
      const text = edited.get(name)?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
  });
  return {
    /** The file with this text: what the build makes of it, and the first fault that it would find. */
    compile(file, text) {
      const name = join(folder, file);
      edited.set(name, { text, version: ++version });
      const faults = [...service.getSyntacticDiagnostics(name), ...service.getSemanticDiagnostics(name)];
      const { outputFiles } = service.getEmitOutput(name);
      edited.delete(name);
      const output = outputFiles.find((one) => one.name.endsWith('.js'))?.text;
      const [first] = faults;
      return {
        output,
        faults: first && `it does not compile: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`,
      };
    },
  };
}
