/**
 * What each thread spends its time on: seconds by activity, by what it waits for, and for the first steps of
 * each epoch, when what began and ended. Threads write into shared memory of their own, and the coordinator
 * takes it away while they rest.
 *
 * A clock is read around every piece of work, some microseconds long, so a run that is profiled is a little
 * slower. What lies between two pieces of work is waiting (waits.ts says for what). Threads that take no part
 * show nothing.
 */
import type { NetworkPlan } from '../model/network.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import type { Watch } from '../sync/barrier.ts';
import {
  type Cause,
  commandCauses,
  type PhaseCause,
  type PhaseName,
  phaseCauses,
  phaseNames,
  type Wait,
} from './waits.ts';

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

/** Seconds of work of one kind in a phase. */
export interface PhaseWork {
  phase: PhaseName;
  activity: Activity;
  seconds: number;
}

/** One piece of work, or one wait. */
export interface Span {
  /** From 0. */
  thread: number;
  /** What the thread did, or why it waited. */
  activity: Activity | PhaseCause;
  /** Index of the layer; undefined where it is about none. */
  node: number | undefined;
  phase: PhaseName;
  /** Step of the epoch, from 0. */
  step: number;
  /** Milliseconds since the coordinator's time origin. */
  begin: number;
  end: number;
}

/** Lists with an entry for each thread, but for the spans. */
export interface Profile {
  threads: ThreadSeconds[];
  /** The same work by phase; what took no time is left out. */
  work: PhaseWork[][];
  /** `waiting` by phase and cause; what took no time is left out. */
  waits: Wait[][];
  spans: Span[];
}

/** Steps of each command whose spans are kept: enough to see a pattern, few enough for a file. */
export const tracedSteps = 20;

/** Spans of a thread that there is room for, and numbers of a span. */
const room = 20_000;
const spanLength = 5;
/** What a thread does in a phase. */
const kinds = [...activities, ...phaseCauses] as const;
const indexOf = (kind: Activity | PhaseCause) => kinds.indexOf(kind);
const noBlockLeft = indexOf('no block left');
const blockStillHeld = indexOf('block still held');
const asleep = indexOf('asleep');
const betweenBlocks = indexOf('between blocks');
/**
 * Per thread: number of spans; seconds of each phase by kind, then those outside of phases; spans, each as
 * kind, layer, phase, step, begin and end, kind and phase in one number.
 */
const outside = 1 + phaseNames.length * kinds.length;
const head = outside + commandCauses.length;
const stride = head + spanLength * room;
const placeOf = (phase: number, kind: number) => 1 + phase * kinds.length + kind;
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

/** Told what a thread does in a step. */
export interface Profiler {
  timed: Timed;
  /** Spans are of this step from now on. */
  at(step: number): void;
}

/** One thread's pen. */
export interface Pen extends Profiler {
  /** What comes is of this phase from now on. */
  enter(phase: PhaseName): void;
  /** Carries out a command. If the thread takes no part in it, its time does not count. */
  command(work: () => void, takesPart: boolean): void;
  /** To be told by the barrier how the thread waits. */
  watch: Watch;
}

/**
 * The pen of one thread. Everything is written before its block or its command counts as done, so that it is
 * there when the coordinator comes for it; the end of a command, only when the next one begins.
 *
 * @param clock milliseconds
 */
export function profiler(
  { buffer, origin }: ProfileMemory,
  thread: number,
  clock: () => number = () => performance.now(),
): Pen {
  const numbers = new Float64Array(buffer, thread * stride * 8, stride);
  const ahead = performance.timeOrigin - origin;
  let phase = 0;
  let step = 0;
  /** Until when the thread's time is written down. */
  let written = 0;
  let cause = 0;
  /** When the last command ended, and milliseconds that a thread waited for ends and has not written down. */
  let ended: number | undefined;
  let waitedForEnds = 0;

  /** Writes down all time until now. */
  const charge = (kind: number): void => {
    const now = clock();
    numbers[placeOf(phase, kind)]! += (now - written) / 1000;
    written = now;
  };
  const trace = (kind: number, node: number, begin: number): void => {
    const count = numbers[0]!;
    if (step >= tracedSteps || count >= room) return;
    const what = kind + phase * kinds.length;
    numbers.set([what, node, step, begin + ahead, written + ahead], head + spanLength * count);
    numbers[0] = count + 1;
  };
  const endWait = (): void => {
    const begin = written;
    charge(cause);
    trace(cause, nobody, begin);
  };
  return {
    timed: (activity, work, node = nobody) => {
      const kind = indexOf(activity);
      return (...given) => {
        charge(betweenBlocks);
        const begin = written;
        work(...given);
        charge(kind);
        trace(kind, node, begin);
      };
    },
    at(now) {
      step = now;
    },
    enter(name) {
      phase = phaseNames.indexOf(name);
    },
    command(work, takesPart) {
      written = clock();
      if (takesPart && ended !== undefined) {
        numbers[outside]! += waitedForEnds / 1000;
        numbers[outside + 1]! += (written - ended) / 1000;
        waitedForEnds = 0;
      }
      work();
      ended = clock();
      if (takesPart) waitedForEnds += ended - written;
    },
    watch: {
      waits(took) {
        charge(betweenBlocks);
        cause = took ? blockStillHeld : noBlockLeft;
      },
      sleeps() {
        endWait();
        cause = asleep;
      },
      goesOn: endWait,
      ends: () => charge(betweenBlocks),
    },
  };
}

/** Takes away what the threads have written; they must be at rest. */
export function takeProfile({ buffer }: ProfileMemory): Profile {
  const profile: Profile = { threads: [], work: [], waits: [], spans: [] };
  for (let thread = 0; thread < buffer.byteLength / 8 / stride; thread++) {
    const numbers = new Float64Array(buffer, thread * stride * 8, stride);
    const work = phaseNames.flatMap((phase, p) =>
      activities.map((activity, i) => ({ phase, activity, seconds: numbers[placeOf(p, i)]! })),
    );
    const waits: Wait[] = [
      ...phaseNames.flatMap((phase, p) =>
        phaseCauses.map((cause) => ({ phase, cause, seconds: numbers[placeOf(p, indexOf(cause))]! })),
      ),
      ...commandCauses.map((cause, i) => ({ phase: undefined, cause, seconds: numbers[outside + i]! })),
    ];
    profile.threads.push({
      ...(Object.fromEntries(
        activities.map((name) => [name, sum(work.filter(({ activity }) => activity === name))]),
      ) as Record<Activity, number>),
      waiting: sum(waits),
    });
    profile.work.push(work.filter(({ seconds }) => seconds > 0));
    profile.waits.push(waits.filter(({ seconds }) => seconds > 0));
    profile.spans.push(...spansOf(numbers, thread));
    numbers.fill(0, 0, head);
  }
  return profile;
}

function spansOf(numbers: Float64Array, thread: number): Span[] {
  return Array.from({ length: numbers[0]! }, (_, index) => {
    const first = head + spanLength * index;
    const [what, node, step, begin, end] = [...numbers.subarray(first, first + spanLength)] as [
      ...[number, number, number, number, number],
    ];
    const phase = Math.floor(what / kinds.length);
    return {
      ...{ thread, step, begin, end },
      activity: kinds[what - phase * kinds.length]!,
      node: node === nobody ? undefined : node,
      phase: phaseNames[phase]!,
    };
  });
}

const sum = (parts: readonly { seconds: number }[]) => parts.reduce((all, { seconds }) => all + seconds, 0);

/** `forward model[0] dense`, or `rows: block still held` */
export function spanName({ activity, node, phase }: Span, { nodes }: NetworkPlan): string {
  if (isCause(activity)) return `${phase}: ${activity}`;
  if (node === undefined) return activity;
  const { path, config } = nodes[node]!;
  return `${activity} ${path} ${config.kind}`;
}

/** Whether a thread waited, and did no work. */
export function isCause(what: Activity | Cause): what is Cause {
  return !(activities as readonly string[]).includes(what);
}
