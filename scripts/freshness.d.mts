export function sourcesDigest(root: string): string;
export function writeStamp(folder: string, sources: string): void;
export function isWhole(folder: string): boolean;
export function isFresh(folder: string, sources: string): boolean;
