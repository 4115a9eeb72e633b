// A thread of stepped code (stepped.mjs) as an automaton. A state is a place in the code with the values of
// all variables there, and the operation that comes next; from it the thread goes on as the result of the
// operation says. States are found when they are first needed.
//
// The code is deterministic but for those results. So it is run once for each edge, and a search through
// millions of states of all threads together only follows numbers.

/** @param create starts the code: `{ generator, stack, variables }`, as `Thread` makes it */
export class Automaton {
  /** Of each state: its operation (undefined: ended), how it was reached, and where results lead. */
  states = [];
  #create;
  #known = new Map();

  constructor(create) {
    this.#create = create;
    const thread = create();
    this.#enter(thread, thread.generator.next(), -1, undefined);
  }

  operation(state) {
    return this.states[state].operation;
  }

  /** What the thread returned. Only of a state without operation. */
  returned(state) {
    return this.states[state].returned;
  }

  /** The state after this one, if its operation gave this result. */
  next(state, result) {
    const from = this.states[state];
    const known = from.edges.get(result);
    if (known !== undefined) return known;
    const results = [result];
    for (let at = state; at > 0; at = this.states[at].before) results.push(this.states[at].result);
    const thread = this.#create();
    let step = thread.generator.next();
    while (results.length > 0) step = thread.generator.next(results.pop());
    const to = this.#enter(thread, step, state, result);
    from.edges.set(result, to);
    return to;
  }

  /** Starts the code. The function that it returns makes a step, and compares it with a state. */
  follow() {
    const { generator } = this.#create();
    generator.next();
    return (result, state) => {
      const { done, value } = generator.next(result);
      const { operation, returned } = this.states[state];
      const same = done ? !operation && value === returned : isSame(value, operation);
      if (!same) throw new Error(`the code goes on with ${text(value)}, not with ${text(operation)}`);
    };
  }

  #enter({ stack, variables }, { done, value }, before, result) {
    const operation = done ? undefined : value;
    const key = done ? `returned ${value}` : text([stack, variables(), operation]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const returned = done ? value : undefined;
    this.#known.set(key, this.states.length);
    return this.states.push({ operation, returned, before, result, edges: new Map() }) - 1;
  }
}

function isSame(one, other) {
  if (one.name !== other?.name || one.index !== other.index || one.place[0] !== other.place[0]) return false;
  return one.values.every((value, i) => value === other.values[i]);
}

/** The values as text. Memory and functions are the same everywhere. */
function text(values) {
  return JSON.stringify(values, (_, value) => {
    if (ArrayBuffer.isView(value)) return 'memory';
    return typeof value === 'function' ? 'function' : value;
  });
}

/**
 * The environment of the stepped modules of one thread: keeps the stack of its calls.
 *
 * @param modules from the names in imports to `step()`'s result, or to ready exports
 */
export function threadOf(modules) {
  const stack = [];
  const loaded = new Map();
  const variables = [];
  const environment = {
    /** What a thread yields: an operation on memory, with the place in the code. */
    operation: (place, name, _, index, ...values) => ({ name, index, values, place }),
    *call(place, generator) {
      stack.push(place);
      try {
        return yield* generator;
      } finally {
        stack.pop();
      }
    },
    load(name) {
      const file = name.split('/').at(-1);
      const module = modules[file];
      if (!module) throw new Error(`the model has no module ${file}`);
      if (!module.make) return typeof module === 'function' ? module(environment) : module;
      if (!loaded.has(file)) {
        const exports = module.make(environment);
        loaded.set(file, exports);
        variables.push(exports.$variables);
      }
      return loaded.get(file);
    },
  };
  return { environment, stack, variables: () => variables.flatMap((of) => of()) };
}
