// Runs the threads of a model in every order, or in random ones, and looks for what must not happen.
//
// A state of the model is a row of numbers: the words of the shared memory, what the model notes beside them,
// and the state of each thread. A thread is an automaton (automaton.mjs). Memory is sequentially consistent,
// as Atomics are. Atomics.wait has no timeout here, unless the model allows it in a state: a lost wake-up is
// to be found, and not to be slept over.

/** What a thread is doing: its automaton's state times 4, plus one of these. */
const [ready, asleep, woken, dead] = [0, 1, 2, 3];

/**
 * @typedef {object} Model
 * @property {number[]} words the indices of the shared words that the code uses
 * @property {Map<number, number>} initial words that are not 0 at the start
 * @property {number} notes how many numbers the model notes
 * @property {{ name: string, automaton: object }[]} threads
 * @property {(notes, thread: number, kind: string, values: number[]) => string | undefined} mark notes what a
 *   thread says; returns what is wrong with it
 * @property {(view) => boolean} mayTimeOut whether a sleeping thread may look up in this state
 * @property {(view, thread: number) => boolean} mayRun
 * @property {(view, thread: number) => boolean} mayDie
 * @property {(view) => string | undefined} end what is wrong with a state in which nothing more can happen
 */

/** The rules by which a model goes on. */
function rulesOf(model) {
  const slots = new Map(model.words.map((word, slot) => [word, slot]));
  const notes = model.words.length;
  const first = notes + model.notes;
  const length = first + model.threads.length;
  const start = new Int32Array(length);
  for (const [word, value] of model.initial) start[slots.get(word)] = value;
  const slotOf = (index) => {
    const slot = slots.get(index);
    if (slot === undefined) throw new Error(`the model has no word ${index}`);
    return slot;
  };
  let at = start;
  const view = {
    word: (index) => at[slotOf(index)],
    note: (number) => at[notes + number],
    setNote(number, value) {
      at[notes + number] = value;
    },
    isDead: (thread) => (at[first + thread] & 3) === dead,
    isAsleep: (thread) => (at[first + thread] & 3) === asleep,
    operation: (thread) => model.threads[thread].automaton.operation(at[first + thread] >> 2),
    returned: (thread) => model.threads[thread].automaton.returned(at[first + thread] >> 2),
    hasBegun: (thread) => at[first + thread] >> 2 > 0,
  };

  /**
   * Calls `take(next, thread, what, wrong, result)` with every state that can follow. `what`: the operation,
   * or 'dies'. `wrong`: what is wrong with it. `result`: of the operation, if it is over. `next` is used
   * again.
   */
  const next = new Int32Array(length);
  function successors(state, take) {
    let any = false;
    for (let thread = 0; thread < model.threads.length; thread++) {
      const own = state[first + thread];
      const status = own & 3;
      const { automaton } = model.threads[thread];
      const operation = status === dead ? undefined : automaton.operation(own >> 2);
      if (!operation) continue;
      at = state;
      if (model.mayDie(view, thread)) {
        next.set(state);
        next[first + thread] = own | dead;
        at = next;
        model.died(view, thread);
        take(next, thread, 'dies', undefined);
      }
      at = state;
      if (!model.mayRun(view, thread)) continue;
      if (status === asleep && !model.mayTimeOut(view)) continue;
      any = true;
      const goOn = (result, wrong) => {
        if (wrong === undefined) next[first + thread] = automaton.next(own >> 2, result) << 2;
        take(next, thread, operation, wrong, result);
      };
      next.set(state);
      if (operation.name === 'mark') {
        at = next;
        goOn(0, model.mark(view, thread, operation.index, operation.values));
        continue;
      }
      if (status !== ready) {
        goOn(status === woken ? 'ok' : 'timed-out');
        continue;
      }
      const slot = slotOf(operation.index);
      const value = state[slot];
      const [a, b] = operation.values;
      switch (operation.name) {
        case 'load':
          break;
        case 'store':
          next[slot] = a;
          break;
        case 'add':
          next[slot] = value + a;
          break;
        case 'sub':
          next[slot] = value - a;
          break;
        case 'compareExchange':
          if (value === a) next[slot] = b;
          break;
        case 'wait':
          if (value !== a) goOn('not-equal');
          else {
            next[first + thread] = own | asleep;
            take(next, thread, operation, undefined);
          }
          continue;
        case 'notify':
          wake(state, operation, (number) => goOn(number));
          continue;
        default:
          throw new Error(`the model does not know Atomics.${operation.name}`);
      }
      goOn(operation.name === 'store' ? a : value);
    }
    return any;
  }

  /** Wakes sleeping threads: all of them, or as many as were asked for, in every choice. */
  function wake(state, { index, values: [count = Number.POSITIVE_INFINITY] }, goOn) {
    const sleepers = [];
    for (let thread = 0; thread < model.threads.length; thread++) {
      const own = state[first + thread];
      if ((own & 3) !== asleep) continue;
      if (model.threads[thread].automaton.operation(own >> 2).index === index) sleepers.push(thread);
    }
    if (count >= sleepers.length) {
      for (const thread of sleepers) next[first + thread] += woken - asleep;
      goOn(sleepers.length);
      return;
    }
    if (count !== 1) throw new Error(`the model wakes one thread or all, not ${count}`);
    for (const thread of sleepers) {
      next.set(state);
      next[first + thread] += woken - asleep;
      goOn(1);
    }
  }
  const endOf = (state) => {
    at = state;
    return model.end(view);
  };
  return { start, length, first, successors, endOf };
}

/** A state's step, for people. */
function line(model, thread, what) {
  const name = model.threads[thread].name;
  if (typeof what === 'string') return `${name} ${what}`;
  return `${name} ${what.name}(${[what.index, ...what.values].join(', ')})`;
}

/**
 * Visits every state that can be reached, the nearest first.
 *
 * @param most states to visit at most
 * @param mustEnd look also for states from which no way leads to an end: threads that go round for ever.
 *   Takes three times as long.
 * @returns `{ states, wrong, schedule }`. `wrong`: what was found, or undefined. `schedule`: the shortest way
 *   there, a line a step. `complete`: whether there was nothing more to visit within `most` states.
 */
export function exploreAll(model, { most = 5e6, mustEnd = false } = {}) {
  const { start, length, successors, endOf } = rulesOf(model);
  const seen = new StateSet(length);
  seen.add(start, -1);
  let found;
  const state = new Int32Array(length);
  let current = 0;
  const take = (next, thread, what, wrong) => {
    if (found) return;
    if (wrong !== undefined) found = { wrong, last: line(model, thread, what), at: current };
    else seen.add(next, current);
  };
  for (; current < seen.size && seen.size <= most && !found; current++) {
    seen.read(current, state);
    if (successors(state, take) || found) continue;
    const wrong = endOf(state);
    if (wrong !== undefined) found = { wrong, last: 'nothing can happen any more', at: current };
  }
  const complete = seen.size <= most;
  if (!found && complete && mustEnd) {
    const at = findEndless(seen, state, successors);
    if (at >= 0) found = { wrong: 'threads go round for ever', last: 'no way leads to an end', at };
  }
  if (!found) return { states: seen.size, complete, wrong: undefined, schedule: [] };
  const path = [];
  for (let at = found.at; at >= 0; at = seen.before(at)) path.unshift(at);
  const schedule = path.slice(1).map((to, number) => {
    seen.read(path[number], state);
    const wanted = seen.copy(to);
    let how = '';
    successors(state, (next, thread, what) => {
      if (how === '' && next.every((value, i) => value === wanted[i])) how = line(model, thread, what);
    });
    return how;
  });
  return { states: seen.size, complete: false, wrong: found.wrong, schedule: [...schedule, found.last] };
}

/** The first state from which no way leads to an end, or -1. */
function findEndless(seen, state, successors) {
  const ends = new Uint8Array(seen.size);
  for (let changes = 1; changes > 0; ) {
    changes = 0;
    // Most ways lead to later states.
    for (let number = seen.size - 1; number >= 0; number--) {
      if (ends[number]) continue;
      seen.read(number, state);
      const any = successors(state, (next) => {
        ends[number] ||= ends[seen.find(next)];
      });
      if (!any) ends[number] = 1;
      changes += ends[number];
    }
  }
  return ends.indexOf(0);
}

/**
 * Goes random ways from the start to an end. The code itself runs beside its automata, and has to
 * do the same.
 *
 * @param random from 0 to below 1
 */
export function exploreRandomly(model, random, runs, mostSteps = 1e5) {
  const { start, length, first, successors, endOf } = rulesOf(model);
  const chosen = new Int32Array(length);
  const state = new Int32Array(length);
  const lines = (schedule) => schedule.map(({ thread, what }) => line(model, thread, what));
  let steps = 0;
  for (let run = 0; run < runs; run++) {
    state.set(start);
    // A thread that is seldom chosen is one that lacks a core.
    const weights = model.threads.map(() => (random() < 0.3 ? 0.03 : 1));
    const schedule = [];
    const code = model.threads.map(({ automaton }) => automaton.follow());
    for (let step = 0; ; step++) {
      let total = 0;
      let how;
      const any = successors(state, (next, thread, what, wrong, result) => {
        // Each way is as likely as its weight among those so far: the last one kept is a fair choice.
        const weight = what === 'dies' ? 0.003 : weights[thread];
        total += weight;
        if (random() * total >= weight) return;
        chosen.set(next);
        how = { thread, what, wrong, result };
      });
      if (!any) {
        const wrong = endOf(state);
        if (wrong !== undefined) return { runs: run, steps, wrong, schedule: lines(schedule) };
        break;
      }
      steps++;
      schedule.push(how);
      if (step > mostSteps) how.wrong = `no end after ${mostSteps} steps`;
      if (how.wrong !== undefined) return { runs: run, steps, wrong: how.wrong, schedule: lines(schedule) };
      state.set(chosen);
      if (how.result !== undefined) code[how.thread](how.result, chosen[first + how.thread] >> 2);
    }
  }
  return { runs, steps, wrong: undefined, schedule: [] };
}

/** States in the order in which they were added, each once. */
class StateSet {
  size = 0;
  #length;
  #pool;
  #before;
  #table = new Int32Array(1 << 16).fill(-1);

  constructor(length) {
    this.#length = length;
    this.#pool = new Int32Array(length << 12);
    this.#before = new Int32Array(1 << 12);
  }

  /** Adds a state, unless it is there already. */
  add(state, before) {
    if (2 * this.size > this.#table.length) this.#growTable();
    const place = this.#place(state);
    if (this.#table[place] >= 0) return;
    if (this.size === this.#before.length) this.#growPool();
    this.#table[place] = this.size;
    this.#pool.set(state, this.size * this.#length);
    this.#before[this.size++] = before;
  }

  /** The number of a state, or -1. */
  find(state) {
    return this.#table[this.#place(state)];
  }

  read(number, state) {
    const from = number * this.#length;
    for (let i = 0; i < this.#length; i++) state[i] = this.#pool[from + i];
  }

  copy(number) {
    return this.#pool.slice(number * this.#length, (number + 1) * this.#length);
  }

  /** The number of the state from which this one was reached; -1 for the first. */
  before(number) {
    return this.#before[number];
  }

  /** Where the state is in the table, or would be. */
  #place(state) {
    const mask = this.#table.length - 1;
    let place = this.#hash(state, 0) & mask;
    while (this.#table[place] >= 0 && !this.#isAt(this.#table[place], state)) place = (place + 1) & mask;
    return place;
  }

  #hash(values, from) {
    let hash = 0;
    for (let i = from; i < from + this.#length; i++) {
      hash = Math.imul(hash ^ values[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #isAt(number, state) {
    const from = number * this.#length;
    for (let i = 0; i < this.#length; i++) if (this.#pool[from + i] !== state[i]) return false;
    return true;
  }

  #growPool() {
    const pool = new Int32Array(2 * this.#pool.length);
    pool.set(this.#pool);
    this.#pool = pool;
    const before = new Int32Array(2 * this.#before.length);
    before.set(this.#before);
    this.#before = before;
  }

  #growTable() {
    this.#table = new Int32Array(2 * this.#table.length).fill(-1);
    const mask = this.#table.length - 1;
    for (let number = 0; number < this.size; number++) {
      let place = this.#hash(this.#pool, number * this.#length) & mask;
      while (this.#table[place] >= 0) place = (place + 1) & mask;
      this.#table[place] = number;
    }
  }
}
