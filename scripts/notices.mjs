// The packages of others that are in a program that the build bundles.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Whose they are, where package.json does not say it. */
const packages = { seedrandom: 'Copyright 2019 David Bau' };

/** A line for each package that is in the program. One that nobody has named here stops the build. */
export function notices(moduleIds) {
  const names = moduleIds.map((file) => /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))]
    .map((name) => {
      const { license, author } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'));
      const whose = packages[name] ?? `Copyright ${author?.name ?? author}`;
      return `// It has parts of ${name}. ${whose}, licence ${license}.\n`;
    })
    .join('');
}
