/** Where editors find the schema of experiments, for the first line of a file. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { shipped } from './find-experiment.ts';

const schema = 'experiment.schema.json';

/**
 * The way from a file to the schema. An installed package is named by its place in node_modules, even if that
 * is a link, because the link stays when the package moves; a checkout by its own folder.
 */
export function schemaPath(file: string, ours = shipped): string {
  const folder = dirname(resolve(file));
  for (let around = folder; ; around = dirname(around)) {
    const installed = join(around, 'node_modules', 'lockstep', 'experiments', schema);
    if (existsSync(installed)) return slashes(relative(folder, installed));
    if (dirname(around) === around) return slashes(relative(folder, join(ours, schema)));
  }
}

const slashes = (path: string) => path.replaceAll('\\', '/');
