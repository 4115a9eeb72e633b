// Faults of barrier.ts, to show that the model finds such. Each is a change of the compiled file.

const sleepers = 'if (Atomics.load(w, words.sleeping) > 0)\n        Atomics.notify(w, words.phase);';
const opened = 'Atomics.store(w, words.phase, program.done(phase) ? program.phases : phase + 1);';
const comment = '// A thread counts itself as sleeping before it compares the phase, so none is missed.';
const counted = 'Atomics.add(w, words.sleeping, 1);\n    sleepWhile(w, words.phase, phase);';
const claims =
  'if (Atomics.compareExchange(w, word, seen, tag | (claimed + 1)) !== seen)\n            continue;';

const two = { threads: 2, lengths: [2], steps: [2] };
/** Without turns of the spin loop: three threads have many states. */
const three = { threads: 3, lengths: [1], steps: [1], constants: { manySpins: 0, fewSpins: 0 } };
/** Phase numbers come round after two phases. */
const round = { ...two, steps: [5], constants: { phaseNumbers: 2 } };
const lossy = { ...two, lossy: true, patient: true };

/** `wrong`: what the model says. `model`: the smallest one that finds it. */
export const barrierFaults = {
  'nobody is woken': { change: { from: sleepers, to: '' }, model: two, wrong: /wait for ever/ },
  'one is woken, not all': {
    change: { from: sleepers, to: sleepers.replace('words.phase)', 'words.phase, 1)') },
    model: three,
    wrong: /wait for ever/,
  },
  'a thread counts itself as sleeping after it has compared the phase': {
    change: {
      from: counted,
      to: `if (Atomics.load(w, words.phase) !== phase) return;
           Atomics.wait(w, words.phase, phase);
           Atomics.add(w, words.sleeping, 1);`,
    },
    model: two,
    wrong: /wait for ever/,
  },
  'sleeping threads are looked at before the phase is opened': {
    change: {
      from: `${opened}\n    ${comment}\n    ${sleepers}`,
      to: `const any = Atomics.load(w, words.sleeping) > 0;
           ${opened}
           if (any) Atomics.notify(w, words.phase);`,
    },
    model: two,
    wrong: /wait for ever/,
  },
  'the claims are reset before all threads have halted': {
    change: {
      from: 'meet(w, words.halted, activeCount(member), true, () => setBackClaims(w, member));',
      to: 'setBackClaims(w, member); meet(w, words.halted, activeCount(member), true, function* () {});',
    },
    model: round,
    wrong: /block|phase/,
  },
  'the phase numbers come round without a barrier': {
    change: {
      from: 'meet(w, words.halted, activeCount(member), true, () => setBackClaims(w, member));',
      to: '',
    },
    model: round,
    wrong: /block|phase|for ever/,
  },
  'the claims are not reset when phase numbers come round': {
    change: {
      from: 'meet(w, words.halted, activeCount(member), true, () => setBackClaims(w, member));',
      to: 'meet(w, words.halted, activeCount(member), true, function* () {});',
    },
    model: round,
    wrong: /block|phase|for ever/,
  },
  'a claim is looked at and then written': {
    change: { from: claims, to: 'Atomics.store(w, word, tag | (claimed + 1));' },
    model: two,
    wrong: /twice/,
  },
  'a claim forgets its phase': {
    change: { from: claims, to: claims.replace('tag | (claimed + 1)', 'claimed + 1') },
    model: two,
    wrong: /twice|block/,
  },
  'blocks are counted when they are claimed': {
    change: {
      from: [claims, 'program.run(first + claimed);', 'took = true;', 'run++;'].join('\n        '),
      to: `${claims}
        const opened = countDone(w, program, phase, 1, blocks);
        program.run(first + claimed);
        took = true;
        if (opened) return true;`,
    },
    model: two,
    wrong: /too early/,
  },
  'blocks are counted with the share, and again at the end': {
    change: { from: 'run = 0;\n            }\n            visited++;', to: '}\n            visited++;' },
    model: { ...two, lengths: [3] },
    wrong: /wait for ever|too early/,
  },
  'the blocks that are done are not counted from zero again': {
    change: { from: 'Atomics.store(w, words.completed, 0);', to: '' },
    model: two,
    wrong: /wait for ever/,
  },
  'the count is set to zero after the phase was opened': {
    change: {
      from: `Atomics.store(w, words.completed, 0);\n    ${opened}`,
      to: `${opened} Atomics.store(w, words.completed, 0);`,
    },
    model: two,
    wrong: /wait for ever|too early/,
  },
  'a barrier is looked at after a thread has arrived': {
    change: {
      from: 'const generation = Atomics.load(w, word + 1);\n    if (Atomics.add(w, word, 1) === count - 1) {',
      to: `const come = Atomics.add(w, word, 1);
           const generation = Atomics.load(w, word + 1);
           if (come === count - 1) {`,
    },
    model: two,
    wrong: /wait for ever/,
  },
  'a barrier lets go before it counts from zero again': {
    change: {
      from: [
        'Atomics.store(w, word, 0);',
        'beforeGoingOn();',
        'Atomics.store(w, word + 1, (generation + 1) | 0);',
        'Atomics.notify(w, word + 1);',
      ].join('\n        '),
      to: `beforeGoingOn();
           Atomics.store(w, word + 1, (generation + 1) | 0);
           Atomics.notify(w, word + 1);
           Atomics.store(w, word, 0);`,
    },
    model: { ...two, steps: [1, 1] },
    wrong: /wait for ever/,
  },
  'a barrier lets one thread go': {
    change: { from: 'Atomics.notify(w, word + 1);', to: 'Atomics.notify(w, word + 1, 1);' },
    model: three,
    wrong: /wait for ever/,
  },
  'the phase is not set back after a program': {
    change: { from: 'Atomics.store(w, words.phase, 0);', to: '' },
    model: { ...two, steps: [1, 1] },
    wrong: /command|for ever/,
  },
  'a program that ends goes on': {
    change: { from: opened, to: 'program.done(phase); Atomics.store(w, words.phase, phase + 1);' },
    model: { ...two, stopped: true },
    wrong: /over/,
  },
  'a sleeping thread does not look whether another one was lost': {
    change: { from: 'if (Atomics.load(w, words.abort) !== 0)\n            throw new Abandoned();', to: '' },
    model: { ...lossy, steps: [1] },
    mustEnd: true,
    wrong: /round for ever/,
  },
  'a loss is not told': {
    change: { from: 'Atomics.store(w, words.abort, 1);', to: '' },
    model: lossy,
    wrong: /wait for ever/,
  },
};
