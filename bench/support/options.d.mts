export class WrongOption extends Error {}

export interface Options {
  quick: boolean;
  json: string | undefined;
  compare: string | undefined;
  chosen: string[];
  help?: boolean;
  [more: string]: unknown;
}

export function readOptions(
  args: readonly string[],
  known: { file: string; names: readonly string[]; more?: object; help?: string },
): Options;
