// Writes the reference of the library, docs/api/index.html, from the docstrings.
//
//   npm run api
//
// TypeDoc comes from npm into scripts/api, whose package.json is its own. A docstring that names something
// that is not there, or a type that nobody exports, is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = join(root, 'scripts/api');
const options = { cwd: tools, stdio: 'inherit', shell: process.platform === 'win32' };

if (!existsSync(join(tools, 'node_modules/typedoc'))) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  if (status !== 0) process.exit(1);
}
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const typedoc = join(tools, 'node_modules/typedoc/bin/typedoc');
const args = [
  ...['--tsconfig', join(root, 'tsconfig.json'), '--entryPointStrategy', 'resolve'],
  ...[join(root, 'src/index.ts'), join(root, 'src/browser.ts')],
  ...[
    '--out',
    join(root, 'docs/api'),
    '--name',
    `Lockstep ${version}`,
    '--readme',
    join(root, 'docs/library.md'),
  ],
  // Types that are named but not exported have their place too.
  ...['--plugin', pathToFileURL(join(tools, 'node_modules/typedoc-plugin-missing-exports/index.js')).href],
  '--placeInternalsInOwningModule',
  ...[
    '--excludeInternal',
    '--excludeExternals',
    '--disableSources',
    '--hideGenerator',
    '--treatWarningsAsErrors',
  ],
];
const { status } = spawnSync(process.execPath, [typedoc, ...args], { ...options, cwd: root, shell: false });
process.exitCode = status === 0 ? 0 : 1;
