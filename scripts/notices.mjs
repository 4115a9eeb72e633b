// The packages of others that are in a program that the build bundles.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whose they are, where package.json does not say it. */
const packages = { seedrandom: 'Copyright 2019 David Bau' };

/** A line for each package that is in the program, by its modules' files. */
export function notices(moduleIds) {
  const folders = moduleIds.map(
    (file) => /^[^\0]*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0],
  );
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .map((folder) => {
      const { name, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const whose = packages[name] ?? `Copyright ${author?.name ?? author}`;
      return `// It has parts of ${name}. ${whose}, licence ${license}.\n`;
    })
    .join('');
}
