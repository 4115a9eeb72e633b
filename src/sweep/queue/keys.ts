/** What things are called in Redis. */
import { prefix } from './line.ts';

/** A hash: what each sweep says of itself, by its id. */
export const sweepsKey = `${prefix}:sweeps`;

export interface SweepKeys {
  /** The name of its queue in BullMQ. */
  queue: string;
  /** Names the process that goes on with it, as long as that lives. */
  alive: string;
  /** A hash: what each worker says to it. */
  workers: string;
  /** A set: the names of the states of its trainings. */
  states: string;
  /** One of them. */
  state(name: string): string;
}

export function keysOf(id: string): SweepKeys {
  return {
    queue: `sweep-${id}`,
    alive: `${prefix}:alive:${id}`,
    workers: `${prefix}:workers:${id}`,
    states: `${prefix}:states:${id}`,
    state: (name) => `${prefix}:state:${id}:${name}`,
  };
}
