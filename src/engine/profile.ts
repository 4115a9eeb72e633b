/**
 * What each thread spends its time on: seconds by activity, and for the first steps of each epoch, when what
 * began and ended. Threads write into shared memory of their own, and the coordinator takes it away while
 * they rest.
 *
 * A clock is read around every piece of work, some microseconds long, so a run that is profiled is a little
 * slower. What lies between two pieces of work of a command is waiting: for the other threads, or for a core.
 * Threads that take no part show nothing.
 */
import type { NetworkPlan } from '../model/network.ts';
import { allocateShared } from '../platform/shared-memory.ts';

/** What a thread can be doing. */
export const activities = [
  'gather',
  'forward',
  'loss',
  'backward',
  'statistics',
  'update',
  'evaluate',
] as const;
export type Activity = (typeof activities)[number];

/** Seconds that a thread spent on each activity, and waiting, since they were taken last. */
export type ThreadSeconds = Record<Activity | 'waiting', number>;

/** One piece of work. */
export interface Span {
  /** From 0. */
  thread: number;
  activity: Activity;
  /** Index of the layer; undefined where it is about none. */
  node: number | undefined;
  /** Step of the epoch, from 0. */
  step: number;
  /** Milliseconds since the coordinator's time origin. */
  begin: number;
  end: number;
}

export interface Profile {
  threads: ThreadSeconds[];
  spans: Span[];
}

/** Steps of each command whose spans are kept: enough to see a pattern, few enough for a file. */
export const tracedSteps = 20;

/** Spans of a thread that there is room for. */
const room = 20_000;
/** Per thread: number of spans, seconds of each activity, seconds of waiting; then 4 numbers a span. */
const head = 2 + activities.length;
const stride = head + 4 * room;
const nobody = -1;

export interface ProfileMemory {
  buffer: SharedArrayBuffer;
  /** performance.timeOrigin of the coordinator. */
  origin: number;
}

export function createProfile(threads: number): ProfileMemory {
  return { buffer: allocateShared(threads * stride * 8), origin: performance.timeOrigin };
}

/** Gives the same work, with a clock around it. */
export type Timed = <A extends unknown[]>(
  activity: Activity,
  work: (...given: A) => void,
  node?: number,
) => (...given: A) => void;

/** No clock at all. */
export const untimed: Timed = (_, work) => work;

/** One thread's pen. */
export interface Profiler {
  timed: Timed;
  /** Spans are of this step from now on. */
  at(step: number): void;
  /** Carries out a command: what is not work in it, up to its last block, is waiting. */
  command(work: () => void): void;
}

export function profiler({ buffer, origin }: ProfileMemory, thread: number): Profiler {
  const numbers = new Float64Array(buffer, thread * stride * 8, stride);
  const ahead = performance.timeOrigin - origin;
  let step = 0;
  /** When this thread last had nothing to do any more. */
  let idle = 0;
  return {
    timed: (activity, work, node = nobody) => {
      const index = activities.indexOf(activity);
      return (...given) => {
        const begin = performance.now();
        work(...given);
        const end = performance.now();
        // Written before the block counts as done, so that it is there when the coordinator comes for it.
        numbers[head - 1]! += (begin - idle) / 1000;
        idle = end;
        numbers[1 + index]! += (end - begin) / 1000;
        const count = numbers[0]!;
        if (step >= tracedSteps || count >= room) return;
        numbers.set([index + node * activities.length, step, begin + ahead, end + ahead], head + 4 * count);
        numbers[0] = count + 1;
      };
    },
    at(now) {
      step = now;
    },
    command(work) {
      idle = performance.now();
      work();
    },
  };
}

/** Takes away what the threads have written; they must be at rest. */
export function takeProfile({ buffer }: ProfileMemory): Profile {
  const threads: ThreadSeconds[] = [];
  const spans: Span[] = [];
  for (let thread = 0; thread < buffer.byteLength / 8 / stride; thread++) {
    const numbers = new Float64Array(buffer, thread * stride * 8, stride);
    const seconds = Object.fromEntries(activities.map((activity, i) => [activity, numbers[1 + i]!]));
    threads.push({ ...seconds, waiting: numbers[head - 1]! } as ThreadSeconds);
    for (let at = head; at < head + 4 * numbers[0]!; at += 4) {
      const [what, step, begin, end] = numbers.subarray(at, at + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const node = Math.floor(what / activities.length);
      const activity = activities[what - node * activities.length]!;
      spans.push({ thread, activity, node: node === nobody ? undefined : node, step, begin, end });
    }
    numbers.fill(0, 0, head);
  }
  return { threads, spans };
}

/** `forward model[0] dense` */
export function spanName({ activity, node }: Span, { nodes }: NetworkPlan): string {
  if (node === undefined) return activity;
  const { path, config } = nodes[node]!;
  return `${activity} ${path} ${config.kind}`;
}
