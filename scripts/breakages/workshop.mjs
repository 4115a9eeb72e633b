// A copy of the checkout, in which one file at a time is broken, built and tested.
import { spawnSync } from 'node:child_process';
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
  const files = stdout.split('\0').filter(Boolean);
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
    /** Those of the test files that fail as they are. */
    failing: (tests) => run(tests, []).failing,
    /** Runs these test files, or all, until a test fails. */
    test: (tests) => run(tests, ['--bail', '1']),
    end() {
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function run(tests, options) {
    const report = at('.report.json');
    rmSync(report, { force: true });
    const vitest = at('node_modules/vitest/vitest.mjs');
    const args = ['run', ...tests, ...options, '--reporter', 'json', '--outputFile', report];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [vitest, ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: tests.length > 0 && options.length > 0 ? patience.named : patience.all,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 28,
    });
    if (signal) return { failed: true, by: 'it never ends', failing: tests };
    const json = readJson(report);
    if (!json || json.numTotalTests === 0) throw new Error(`no test ran:\n${stdout}${stderr}`);
    const failed = json.testResults.filter((result) => result.status === 'failed');
    const fileOf = ({ name }) => name.slice(folder.length + 1);
    return { failed: status !== 0, by: failed[0] && titleOf(failed[0], fileOf), failing: failed.map(fileOf) };
  }
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
function titleOf(result, fileOf) {
  const failed = result.assertionResults.find(({ status }) => status === 'failed');
  const file = fileOf(result);
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
