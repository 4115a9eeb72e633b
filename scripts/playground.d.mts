export function stampOfSources(): string;
export function makePlayground(): Promise<string>;
