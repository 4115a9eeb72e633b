import type { Options } from '../support/options.mjs';

export const againstOptions: object;
export function checkAgainst(options: Options, comparable: readonly string[]): void;
