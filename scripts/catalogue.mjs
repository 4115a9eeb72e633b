// Writes src/model/catalogue.generated.ts: the list of all kinds, one file each in the folders of the
// families. The build runs it before the compiler, so that whoever adds a layer adds one file, and a bundler
// finds every kind by its import.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Folders of the families, and what one of its kinds is called. */
const families = {
  augmentations: 'Augmentation',
  figures: 'Figures',
  initializers: 'Initializer',
  layers: 'Layer',
  losses: 'Loss',
  optimizers: 'Optimizer',
  schedules: 'Schedule',
};

const src = new URL('../src/', import.meta.url);
const imports = [];
const lists = [];
for (const [folder, what] of Object.entries(families)) {
  // Families may have kinds of the same name.
  const names = kindsIn(folder, what);
  lists.push(`export const ${folder} = [\n${names.map((name) => `  ${name},\n`).join('')}];`);
}

// Backends are found in the same way.
lists.push(
  `export const backends = [\n${kindsIn('kernels/backends', '')
    .map((name) => `  ${name},\n`)
    .join('')}];`,
);

/** Imports the kinds of a folder; gives their names. */
function kindsIn(folder, what) {
  return readdirSync(new URL(folder, src))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => {
      const name = exported(`${folder}/${file}`);
      imports.push(`import { ${name}${what ? ` as ${name}${what}` : ''} } from '../${folder}/${file}';`);
      return `${name}${what}`;
    });
}

/** The one name that a family's file exports. */
function exported(path) {
  const exports = [...readFileSync(new URL(path, src), 'utf8').matchAll(/^export\b.*/gm)];
  const [, name] = /^export const (\w+)/.exec(exports[0]?.[0]) ?? [];
  if (exports.length === 1 && name) return name;
  throw new Error(`src/${path}: expected one export, \`export const ...\`, got ${exports.length || 'none'}`);
}

const file = new URL('model/catalogue.generated.ts', src);
const text = [
  '// All kinds of all families. Do not edit: scripts/catalogue.mjs writes this file when dist/ is built.',
  ...imports,
  '',
  ...lists,
  '',
].join('\n');
// A file that stays as it is wakes no watcher.
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
