/**
 * Which cores share a physical one: two hardware threads of a core have one arithmetic unit and one level-1
 * cache between them. Only Linux tells; a virtual machine tells what its host wants it to know.
 */
import { availableCores } from './cores.ts';
import { readText } from './read-text.ts';

const folder = '/sys/devices/system/cpu';

/** The cores that this process may use, as the machine counts them. */
export interface Topology {
  /** Cores as the system schedules them, `availableCores()`. */
  cores: number;
  /** How many of those can work without sharing a physical core. Undefined: the machine does not tell. */
  physical: number | undefined;
  /** Hardware threads of each physical core, if they are the same number in all and all may be used. */
  each: number | undefined;
}

/** @param read a file's text, undefined if there is none */
export function readTopology(
  read: (file: string) => string | undefined = readText,
  cores: number = availableCores(read),
): Topology {
  const allowed = allowedCores(read);
  const groups = new Map<string, number>();
  for (const core of allowed) {
    const siblings = read(`${folder}/cpu${core}/topology/thread_siblings_list`)?.trim();
    if (!siblings) return { cores, physical: undefined, each: undefined };
    groups.set(siblings, (groups.get(siblings) ?? 0) + 1);
  }
  if (groups.size === 0) return { cores, physical: undefined, each: undefined };
  const sizes = [...new Set(groups.values())];
  // A quota leaves open which cores are used, and the system spreads threads over physical ones.
  const whole = sizes.length === 1 && cores === allowed.length;
  return { cores, physical: Math.min(groups.size, cores), each: whole ? sizes[0]! : undefined };
}

/** `16 cores (8 with two threads each)`, `1 core` */
export function coresText({ cores, physical, each }: Topology): string {
  const counted = `${cores} ${cores === 1 ? 'core' : 'cores'}`;
  if (physical === undefined || physical === cores) return counted;
  if (each === undefined) return `${counted} (${physical} physical)`;
  return `${counted} (${physical} with ${each === 2 ? 'two' : each} threads each)`;
}

/** The cores that the scheduler may give this process: its affinity, within its group's set of cores. */
function allowedCores(read: (file: string) => string | undefined): number[] {
  const status = read('/proc/self/status') ?? '';
  const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(status) ?? [];
  return list === undefined ? [] : numbersIn(list);
}

/** `0-3,8,10-11` as numbers. None if it is something else. */
function numbersIn(list: string): number[] {
  const numbers: number[] = [];
  for (const range of list.split(',')) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === undefined) return [];
    for (let number = Number(first); number <= Number(last); number++) numbers.push(number);
  }
  return numbers;
}
