/** The modules of a user's program that are registered, and what an experiment records of them. */
import type { Family } from '../contracts/fields.ts';

/** A module that is registered. */
export interface RegisteredModule {
  /** The name of its file. */
  name: string;
  /** Of the bytes of its file. */
  sha256: string;
  url: string;
  kinds: readonly { family: Family; kind: string }[];
  figures: readonly { task: string; name: string }[];
}

const modules = new Map<string, RegisteredModule>();

export function addModule(module: RegisteredModule): void {
  modules.set(module.url, module);
}

export function moduleAt(url: string): RegisteredModule | undefined {
  return modules.get(url);
}

/** What is registered, in the order in which it was. */
export function registeredModules(): RegisteredModule[] {
  return [...modules.values()];
}

/** What an experiment says of a module. */
export type ModuleRecord = Pick<RegisteredModule, 'name' | 'sha256'>;

/** The modules without which these settings mean nothing: those of their kinds, and all with figures. */
export function modulesOf(settings: unknown): ModuleRecord[] {
  const used = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('kind' in value) used.add(value.kind);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(settings);
  return registeredModules()
    .filter(({ kinds, figures }) => figures.length > 0 || kinds.some(({ kind }) => used.has(kind)))
    .map(({ name, sha256 }) => ({ name, sha256 }));
}

/** The first of these modules that is not registered as it was. */
export function missingModule(records: readonly Partial<ModuleRecord>[]): Partial<ModuleRecord> | undefined {
  return records.find((record) => !registeredModules().some(({ sha256 }) => sha256 === record.sha256));
}
