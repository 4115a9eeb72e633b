/** Who does the work: worker threads, or this very thread, behind one contract. */
import type { SharedData } from '../data/split.ts';
import type { SharedMemory } from '../engine/memory.ts';
import type { ProfileMemory } from '../engine/profile.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Rank } from '../ranks/exchange.ts';
import type { Command } from './commands.ts';

/** Everything that determines a training, in a form that can be sent to a thread. */
export interface Task {
  experiment: Experiment;
  data: SharedData;
  /** The words of sync/control.ts. */
  control: SharedArrayBuffer;
  memory: SharedMemory;
  threads: number;
  /** Which of several ranks this is, if they share the training, and the words of ranks/line.ts. */
  ranks?: (Rank & { line: SharedArrayBuffer }) | undefined;
  /** Where threads write what they spend their time on, if anybody wants to know. */
  profile?: ProfileMemory | undefined;
}

/** A task as a worker thread gets it. */
export interface WorkerTask extends Task {
  /** Which thread this is, from 0. */
  thread: number;
  /** How many threads there are: no more than the memory was laid out for. */
  members: number;
  /** Cores that they may use. */
  cores: number;
}

/** What a worker gives back that was told to leave: one that ends in any other way is lost. */
export const left = 'left';

/** An executor at work on one task. */
export interface Session {
  /**
   * Carries out a command; resolves when all of it is done, or it was stopped after a step.
   * Rejects with a WorkerLost when a worker ends, fails, or does nothing any more.
   */
  run(command: Command): Promise<void>;
  /** How many threads take part at present. */
  active(): number;
  /** Lets all threads go. Never rejects. */
  end(): Promise<void>;
  /**
   * Ends all threads at once, in the middle of a command too, which then rejects. When this resolves, none
   * touches the memory any more. Absent: a command cannot be interrupted.
   */
  abort?(): Promise<void>;
}

export interface Executor {
  /** How many participants share the work. */
  readonly threads: number;
  /** For people: `inline`, `1 thread`, `8 threads`. */
  readonly name: string;
  /** Which of several ranks this is, if they share the training. */
  readonly ranks?: Rank;
  /**
   * Starts what takes a moment, such as threads, so that it goes on while the caller reads the data; `start`
   * needs no such preparation. Threads that are never asked to work keep no process alive.
   */
  prepare?(): void;
  /** Begins work on a task; `steps` of the whole training. */
  start(task: Task, steps: number): Promise<Session>;
}
