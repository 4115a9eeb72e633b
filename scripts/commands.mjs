// Makes `npx train` and `npx lockstep` find the program in a checkout. npm links the commands of
// dependencies, not a checkout's own, so this links them. That alone is not enough: for a command that
// package.json names, npx installs the checkout into its cache and builds it again, unless .npmrc says that
// this very package has the commands to be run (`package[]=lockstep`); then it takes what node_modules/.bin
// has, in a checkout's tree.
import { chmodSync, existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Links the commands of package.json to scripts/train.mjs. */
export function linkCommands(root) {
  const folder = join(root, 'node_modules/.bin');
  if (!existsSync(folder)) return;
  chmodSync(join(root, 'scripts/train.mjs'), 0o755);
  for (const name of Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin)) {
    if (process.platform === 'win32') {
      writeFileSync(join(folder, `${name}.cmd`), '@node "%~dp0\\..\\..\\scripts\\train.mjs" %*\r\n');
    } else {
      // A link of another name first: the command is there at every moment.
      const link = join(folder, `.${name}-${process.pid}`);
      symlinkSync('../../scripts/train.mjs', link);
      renameSync(link, join(folder, name));
    }
  }
}
