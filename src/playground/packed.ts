/** Bytes that lie in the page as text. */
import { byId } from './elements.ts';

/** The bytes of an element of base64. */
export function bytesOf(id: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(byId(id).textContent!.trim()), (character) => character.charCodeAt(0));
}

/** Undoes zlib's deflate. */
export async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
