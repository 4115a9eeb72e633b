export function folderName(pid: number): string;
export function beginFolder(root: string): string;
export function swapIn(root: string, folder: string): void;
export function discard(folder: string): void;
export function tidyUp(root: string): void;
