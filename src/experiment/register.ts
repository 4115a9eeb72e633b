/**
 * Layers, optimizers, figures and other kinds that a program brings in modules of its own.
 *
 * A module is registered by its address, so that worker threads can load it too. An experiment never names a
 * module: who trains it registers what it needs, and the experiment records which modules those were.
 */
import { family as familyOf } from '../contracts/erase.ts';
import type { Family } from '../contracts/fields.ts';
import type { OwnFigure } from '../contracts/figures.ts';
import { wrongKind, wrongValue } from '../foundation/check.ts';
import { type AnyKind, addFigure, addKind, catalogue, figuresFor, taskFigures } from '../model/catalogue.ts';
import { givenToThread, loadModule } from '../platform/modules.ts';
import { addModule, moduleAt, type RegisteredModule, registeredModules } from './modules.ts';
import { experimentSchema } from './schema.ts';
import { useValidator } from './validator.ts';
import { validatorOptions } from './validator-options.ts';

/**
 * Registers what a module exports: kinds made by `layer`, `optimizer`, `loss`, `schedule`, `initializer`,
 * `augmentation` and `figure`. From then on experiments can name them, and worker threads know them.
 *
 *     await register(new URL('./my-layer.js', import.meta.url));
 *
 * The bits of such a training are yours to keep: a kind must compute the same on every machine (see `exact`),
 * for any rows and blocks that it is asked for. `checkGradients` proves that its gradients are right.
 *
 * @param url of a file, such as `new URL('./my-layer.js', import.meta.url)`
 * @throws TypeError or RangeError if the module exports no kind, or a name is taken
 */
export function register(url: URL | string): Promise<RegisteredModule> {
  const registered = waiting.then(async () => {
    const count = registeredModules().length;
    const module = await add(url);
    if (registeredModules().length > count) await renewValidator();
    return module;
  });
  // One after the other: two calls with one address are one registration.
  waiting = registered.catch(() => {});
  return registered;
}

let waiting: Promise<unknown> = Promise.resolve();

/** The schema knows the kinds from then on. */
async function renewValidator(): Promise<void> {
  const { Ajv } = await import('ajv');
  useValidator(new Ajv(validatorOptions).compile(experimentSchema({ short: false })));
}

/** Adds the kinds of a module to the catalogue, unless they are there. */
async function add(url: URL | string): Promise<RegisteredModule> {
  const address = addressOf(url);
  const { name, sha256, exports } = await loadModule(address);
  const known = moduleAt(address.href);
  if (known?.sha256 === sha256) return known;
  if (known) throw wrongValue('url', `${name} as it was registered before`, `another: sha256 ${sha256}`);
  const kinds: { family: Family; kind: string; value: AnyKind }[] = [];
  const figures: OwnFigure[] = [];
  const seen = new Set<unknown>();
  // What is exported by a name as well is called by it.
  const { default: unnamed, ...named } = exports;
  for (const [exported, value] of Object.entries({ ...named, default: unnamed })) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (typeof value !== 'object' || value === null || !(familyOf in value)) continue;
    const declared = value as unknown as { [familyOf]: Family | 'figure' } & AnyKind & OwnFigure;
    const of = declared[familyOf];
    if (of === 'figure') figures.push(checkFigure(exported, declared));
    else kinds.push({ family: of, kind: checkKind(of, exported, declared), value: declared });
  }
  if (kinds.length + figures.length === 0) {
    throw wrongValue('url', `a module that exports kinds, such as layer({ ... })`, name);
  }
  for (const { family, value } of kinds) addKind(family, value);
  for (const figure of figures) addFigure(figure);
  const module = {
    ...{ name, sha256, url: address.href },
    kinds: kinds.map(({ family, kind }) => ({ family, kind })),
    figures: figures.map(({ task, name }) => ({ task, name })),
  };
  addModule(module);
  return module;
}

/** In a worker thread, which reads no experiments: adds what was registered where the thread was started. */
export async function registerGiven(): Promise<void> {
  const given = givenToThread() as { modules?: readonly RegisteredModule[] } | undefined;
  for (const { url, sha256, name } of given?.modules ?? []) {
    const found = await add(url);
    if (found.sha256 === sha256) continue;
    throw new Error(`${name} was changed since it was registered: sha256 ${found.sha256}`);
  }
}

function addressOf(url: unknown): URL {
  const text = url instanceof URL ? url.href : url;
  if (typeof text !== 'string' || !text.startsWith('file:')) {
    throw wrongKind('url', "the address of a file, such as new URL('./my-layer.js', import.meta.url)", url);
  }
  return new URL(text);
}

function checkKind(of: Family, exported: string, value: AnyKind): string {
  const { kind } = value;
  const where = `${exported}.kind`;
  if (typeof kind !== 'string' || !/^[a-z][a-z0-9-]*$/.test(kind)) {
    throw wrongValue(where, 'a name in small letters, such as my-layer', kind);
  }
  if (catalogue[of]?.has(kind) || kind === 'residual') {
    throw wrongValue(where, `a name that no ${of} has yet`, kind);
  }
  return kind;
}

function checkFigure(exported: string, figure: OwnFigure): OwnFigure {
  const { task, name, of } = figure;
  if (!taskFigures.has(task)) throw wrongValue(`${exported}.task`, [...taskFigures.keys()].join(', '), task);
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw wrongValue(`${exported}.name`, 'a name in small letters, such as my_figure', name);
  }
  if (name === 'loss' || figuresFor(task).figures.some((other) => other.name === name)) {
    throw wrongValue(`${exported}.name`, `a name that no figure of ${task} has yet`, name);
  }
  if (typeof of !== 'function') throw wrongKind(`${exported}.of`, 'a function of the counts', of);
  return figure;
}
