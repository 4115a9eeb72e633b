// The model of the barrier: the real code of worker threads, control words and barrier, taken from dist/, and
// a coordinator, whose waiting is asynchronous in reality and is written anew here.
//
// What must hold: every block of every phase is run once; no block begins before all blocks of the phase
// before have ended; a command is done when its program is over, not before; a stop takes effect at the end
// of the step; in the end all threads have left, also if one dies at any point and `abandon` is called.
import { readFileSync } from 'node:fs';
import { claimWord, commands, words } from '../../dist/src/sync/control.js';
import { Automaton, threadOf } from './automaton.mjs';
import { step } from './stepped.mjs';

const dist = new URL('../../dist/', import.meta.url);

/** In the model, a phase of a program has so many of its numbers, and a thread spins for so many turns. */
const shrunk = { manySpins: 1, fewSpins: 1, phaseNumbers: 4 };

/** The functions of each file that touch shared memory. If others do one day, look at the model again. */
const files = {
  'control.js': {
    path: 'src/sync/control.js',
    expected: ['isHalting', 'resetCommands', 'resetControl'],
  },
  'commands.js': { path: 'src/parallel/commands.js', expected: ['readCommand', 'writeCommand'] },
  'barrier.js': {
    path: 'src/sync/barrier.js',
    stepped: ['program.begin', 'program.run', 'program.done', 'beforeGoingOn'],
    expected: [
      ...['abandon', 'countDone', 'goThrough', 'meet', 'setBackClaims', 'sleepWhile', 'spin', 'takePart'],
      ...['waitForNext', 'workOn'],
    ],
  },
  'train-worker.js': {
    path: 'workers/train-worker.js',
    stepped: ['perform', 'readCommand', 'sleepWhile'],
    expected: ['work'],
  },
};

/** Notes of the model, by place. `lost`: 1 after a death. */
const notes = { number: 0, phase: 1, begun: 2, ended: 3, over: 4, lost: 5, last: 6 };

/**
 * @param options.threads worker threads
 * @param options.active threads that take part in programs
 * @param options.lengths blocks of the phases of a step, which repeat
 * @param options.steps steps of each command
 * @param options.stopped somebody asks for a stop, at any moment
 * @param options.lossy one thread dies, at any moment
 * @param options.patient waiting threads look up after a while, but only when a thread was lost
 * @param options.change `{ from, to }`: a fault in barrier.ts (as compiled)
 */
export function barrierModel(options) {
  const { threads, active = threads, lengths, steps, stopped, lossy, patient } = options;
  const constants = { ...shrunk, ...options.constants };
  const code = translate(options.change, constants);
  const control = { words: new Int32Array(1) };
  const lengthOf = (phase) => lengths[phase % lengths.length];

  const isWorker = (thread) => thread < threads;
  const coordinator = threads;
  const [signal, loss] = [threads + 1, threads + 2];
  const create = (run) => {
    const { environment, stack, variables } = threadOf(modules);
    return { generator: run(environment), stack, variables };
  };
  const say = (environment, place, kind, ...values) =>
    environment.operation(place, 'mark', undefined, kind, ...values);

  /** What participant.ts makes of a command, with nothing to compute. */
  const perform = (environment) =>
    function* (participant, command, control, member) {
      const { takePart } = environment.load('barrier.js');
      const { isHalting } = environment.load('control.js');
      const number = ++participant.number;
      const place = (name) => [name, number, program.phase];
      const program = {
        phase: -1,
        phases: command.count * lengths.length,
        // biome-ignore lint/correctness/useYield: barrier.ts calls it as one that does
        *begin(phase) {
          program.phase = phase;
          return lengthOf(phase);
        },
        *run(block) {
          yield say(environment, place('run'), 'begin', number, program.phase, block);
          yield say(environment, place('run'), 'end', number, program.phase, block);
        },
        *done(phase) {
          const isStep = (phase + 1) % lengths.length === 0;
          yield say(environment, place('done'), 'done', number, phase, isStep ? 1 : 0);
          const ends = isStep && (yield* environment.call(place('halting'), isHalting(control.words)));
          yield say(environment, place('opens'), 'opens', number, ends ? 1 : 0);
          return ends;
        },
      };
      yield* environment.call(place('takePart'), takePart(control, member, program));
      yield say(environment, place('returned'), 'returned', number);
    };
  const modules = {
    ...code,
    'executor.js': { left: 'left' },
    'shared-memory.js': { allocateShared: () => undefined },
    'pause.js': { pause: () => {}, turnsOfPause: 1 },
    'participant.js': (environment) => ({
      joinTask: () => ({ number: 0 }),
      perform: perform(environment),
    }),
  };
  // The modules themselves, not the stepped ones, hold the names of words.
  const workerOf = (thread) => (environment) => {
    const task = { control, thread, members: threads, cores: threads };
    return environment.load('train-worker.js').work(task);
  };

  /** threads.ts: gives orders, and waits until each is done. */
  function* coordinate(environment) {
    const { writeCommand } = environment.load('commands.js');
    const at = (name, number, ...args) => environment.operation(['coordinator', number], name, null, ...args);
    for (let number = 1; number <= steps.length; number++) {
      const command = { kind: 'train', epoch: 1, first: 0, count: steps[number - 1] };
      yield* environment.call(['write', number], writeCommand(control, command));
      yield say(environment, ['order', number], 'order', number, command.count * lengths.length);
      yield at('store', number, words.command, number);
      yield at('notify', number, words.command);
      for (;;) {
        const done = yield at('load', number, words.done);
        if (done >= number) break;
        yield at('wait', number, words.done, done);
      }
      yield say(environment, ['done', number], 'isDone', number);
    }
    yield at('store', 0, words.kind, commands.leave);
    yield at('store', 0, words.command, steps.length + 1);
    yield at('notify', 0, words.command);
    return 'ended';
  }
  function* interrupt(environment) {
    yield environment.operation(['stop'], 'store', null, words.stop, 1);
    return 'ended';
  }
  function* lose(environment) {
    yield say(environment, ['lost'], 'lost');
    yield* environment.call(['lost'], environment.load('barrier.js').abandon(control));
    return 'ended';
  }

  const all = Array.from({ length: threads }, (_, thread) => ({
    name: `worker ${thread}`,
    automaton: new Automaton(() => create(workerOf(thread))),
  }));
  all.push(
    { name: 'coordinator', automaton: new Automaton(() => create(coordinate)) },
    { name: 'signal', automaton: new Automaton(() => create(interrupt)) },
    { name: 'loss', automaton: new Automaton(() => create(lose)) },
  );

  return {
    words: wordsOf(active),
    initial: new Map([[words.active, active]]),
    notes: Object.keys(notes).length,
    threads: all,
    mark: (view, _, kind, values) => marks[kind](view, lengthOf, ...values),
    mayTimeOut: (view) => patient && view.word(words.abort) !== 0,
    mayRun(view, thread) {
      if (thread === signal) return Boolean(stopped);
      // A loss is noticed by the coordinator, which is one thread: it does not interrupt itself.
      if (thread === loss) return view.note(notes.lost) === 1 && isWaiting(view);
      return thread !== coordinator || !view.hasBegun(loss);
    },
    mayDie: (view, thread) => Boolean(lossy) && isWorker(thread) && view.note(notes.lost) === 0,
    died: (view) => view.setNote(notes.lost, 1),
    end(view) {
      const waiting = all.filter((_, thread) => isWorker(thread) && stays(view, thread));
      if (waiting.length > 0) return `${waiting.map(({ name }) => name).join(', ')} wait for ever`;
      if (view.note(notes.lost) === 0 && view.returned(coordinator) !== 'ended') return 'no command ends';
      return undefined;
    },
  };

  function isWaiting(view) {
    return (view.operation(coordinator)?.name ?? 'wait') === 'wait';
  }
  function stays(view, thread) {
    return !view.isDead(thread) && view.returned(thread) !== 'left';
  }
}

/** What the threads say, and what has to be true then. */
const marks = {
  order(view, _, number, phases) {
    if (number > 1 && view.note(notes.over) !== 1) return `command ${number} before the end of the last`;
    view.setNote(notes.number, number);
    view.setNote(notes.last, phases);
    for (const note of [notes.phase, notes.begun, notes.ended, notes.over]) view.setNote(note, 0);
    return undefined;
  },
  begin(view, lengthOf, number, phase, block) {
    const wrong = isNow(view, number, phase);
    if (wrong) return `block ${block} of ${wrong}`;
    if (!(block >= 0 && block < lengthOf(phase))) return `block ${block} of ${lengthOf(phase)}`;
    if (view.note(notes.begun) & (1 << block)) return `block ${block} of phase ${phase} twice`;
    view.setNote(notes.begun, view.note(notes.begun) | (1 << block));
    return undefined;
  },
  end(view, _, number, phase, block) {
    const wrong = isNow(view, number, phase);
    if (wrong) return `block ${block} ended in ${wrong}`;
    view.setNote(notes.ended, view.note(notes.ended) | (1 << block));
    return undefined;
  },
  done(view, lengthOf, number, phase, isStep) {
    const wrong = isNow(view, number, phase);
    if (wrong) return `the end of ${wrong}`;
    if (view.note(notes.ended) !== (1 << lengthOf(phase)) - 1) return `phase ${phase} ended too early`;
    view.setNote(notes.begun, 0);
    view.setNote(notes.ended, 0);
    view.setNote(notes.phase, phase + 1);
    if (phase + 1 === view.note(notes.last)) view.setNote(notes.over, 1);
    else if (isStep && view.word(words.stop) !== 0) view.setNote(notes.over, 2);
    return undefined;
  },
  opens(view, _, __, ends) {
    if (view.note(notes.over) === 2 && !ends) return 'a step began after a stop';
    if (ends) view.setNote(notes.over, 1);
    return undefined;
  },
  returned(view, _, number) {
    const isOver = view.note(notes.number) > number || view.note(notes.over) === 1;
    return isOver ? undefined : `a thread left command ${number} before its end`;
  },
  isDone(view) {
    return view.note(notes.over) === 1 ? undefined : 'a command is done before its end';
  },
  lost: () => undefined,
};

/** Whether this is the phase at hand. If not, a text that says so. */
function isNow(view, number, phase) {
  const [n, p, over] = [view.note(notes.number), view.note(notes.phase), view.note(notes.over)];
  if (number === n && phase === p && over === 0) return undefined;
  return `phase ${phase} of command ${number}, in phase ${p} of command ${n}${over ? ', which is over' : ''}`;
}

/** The stepped code of all files. */
function translate(change, constants) {
  return Object.fromEntries(
    Object.entries(files).map(([file, { path, stepped, expected }]) => {
      let code = readFileSync(new URL(path, dist), 'utf8').replace(/^\/\/# sourceMappingURL.*$/m, '');
      if (file === 'barrier.js' && change) {
        if (code.split(change.from).length !== 2) throw new Error(`expected once in ${file}: ${change.from}`);
        code = code.replace(change.from, () => change.to);
      }
      const module = step(code, { file, stepped, constants: file === 'barrier.js' ? constants : {} });
      const found = [...module.generators].sort();
      if (found.join() !== [...expected].sort().join()) {
        throw new Error(`${file}: expected ${expected} to touch shared memory, got ${found}`);
      }
      return [file, module];
    }),
  );
}

/** The words that the code may touch. */
function wordsOf(shares) {
  const { sums, sumCount, rateFactor, seen, pause, ...used } = words;
  const claims = Array.from({ length: shares }, (_, share) => claimWord(share));
  return [...Object.values(used), pause, words.arrived + 1, words.halted + 1, ...claims];
}
