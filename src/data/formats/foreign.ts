export function foreignFile(_first: Uint8Array, _name: string): string | undefined {
  return undefined;
}
