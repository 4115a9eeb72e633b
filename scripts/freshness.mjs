// Tells whether a built folder is that of the sources: the build leaves a stamp in it, with a digest over
// everything it read and one over everything it wrote. The times of files play no part: git, tar and cp set
// them as they like.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build reads. The lock stands for the compilers. All scripts: one too many does no harm. */
const sources = ['src', 'workers', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json'];

const stampName = '.stamp.json';

/** A digest over all that the build of this checkout reads. */
export function sourcesDigest(root) {
  return digest(
    root,
    // What the build itself writes there is no source.
    sources.flatMap((name) => filesUnder(root, name)).filter((file) => !file.endsWith('.generated.ts')),
  );
}

/** Marks a built folder as whole: made of sources with this digest. */
export function writeStamp(folder, sources) {
  writeFileSync(join(folder, stampName), `${JSON.stringify({ sources, built: builtDigest(folder) })}\n`);
}

/** Whether a build of this folder came to its end, and every file is as it left it. */
export function isWhole(folder) {
  const stamp = readStamp(folder);
  return stamp !== undefined && stamp.built === builtDigest(folder);
}

/** Whether the folder is whole, and made of sources with this digest. */
export function isFresh(folder, sources) {
  return readStamp(folder)?.sources === sources && isWhole(folder);
}

function readStamp(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, stampName), 'utf8'));
  } catch {
    return undefined; // No stamp, or half of one: nobody finished this folder.
  }
}

function builtDigest(folder) {
  return digest(
    folder,
    filesUnder(folder, '').filter((file) => file !== stampName),
  );
}

/** Over the names and the bytes of files. */
function digest(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** A file's own name, or the names of all files in a folder and below it, in one order on all systems. */
function filesUnder(root, name) {
  if (statSync(join(root, name)).isFile()) return [name];
  return readdirSync(join(root, name), { withFileTypes: true })
    .flatMap((entry) => {
      const path = name ? `${name}/${entry.name}` : entry.name;
      return entry.isDirectory() ? filesUnder(root, path) : [path];
    })
    .sort();
}
