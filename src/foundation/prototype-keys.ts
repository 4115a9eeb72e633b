/**
 * Keys that mean something to every JavaScript object. As the key of a map in a file, or in a path, they
 * would reach what all objects share, so they are no names of settings.
 */
const keys: readonly unknown[] = ['__proto__', 'constructor', 'prototype'];

export function isPrototypeKey(key: unknown): boolean {
  return keys.includes(key);
}

/** A map or list, and the way to it. */
interface Place {
  value: unknown;
  key: string;
  within: Place | undefined;
}

/** The keys that lead to the first such key within maps and lists; undefined if there is none. */
export function prototypeKeyIn(value: unknown): string[] | undefined {
  // With a list instead of a recursion, because a file can be nested deeper than the stack is.
  const waiting: Place[] = [{ value, key: '', within: undefined }];
  const seen = new Set<unknown>();
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { value } = place;
    // Aliases of YAML can make one map part of many others.
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, inner] of Object.entries(value)) {
      const here = { value: inner, key, within: place };
      if (isPrototypeKey(key)) return wayTo(here);
      if (typeof inner === 'object') waiting.push(here);
    }
  }
  return undefined;
}

function wayTo(place: Place): string[] {
  const keys: string[] = [];
  for (let at = place; at.within; at = at.within) keys.push(at.key);
  return keys.reverse();
}
