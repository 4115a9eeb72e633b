/** A page registers no modules: there are no files, and no threads that would have to load them too. */
import type { LoadedModule } from '../modules.ts';

export function loadModule(): Promise<LoadedModule> {
  return Promise.reject(new Error('register: works in Node only'));
}

export function givenToThread(): undefined {
  return undefined;
}
