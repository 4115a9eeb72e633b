import { expect, test } from 'vitest';
import { readExperiment } from '#lockstep/experiment/read.js';
import { LockstepError } from '#lockstep/foundation/errors.js';

const sound = [
  'data: { source: tiny.csv }',
  'model: [ { kind: dense, units: 8 }, relu, { kind: dense, units: classes } ]',
  'optimizer: { kind: sgd, learningRate: 0.05 }',
  'batchSize: 16',
  'epochs: 3',
  '',
].join('\n');

/** The line that a text is refused with. */
function refusal(text: string): string {
  try {
    readExperiment(text, { file: 'x.yaml', name: 'x' });
  } catch (error) {
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).code).toBe('usage');
    return (error as LockstepError).message;
  }
  return 'accepted';
}

test.each([
  ['an alias of nothing', 'description: *bold', 'x.yaml:6:14: not valid YAML: unresolved alias "bold"'],
  ['text that begins with a star', 'description: *bold* text', 'x.yaml:6:21: not valid YAML: '],
  ['<< with a number', '<<: 5', 'x.yaml:6:1: not valid YAML: '],
  ['<< with an alias of a number', 'description: &x 5\n<<: *x', 'x.yaml:1:1: not valid YAML: '],
  ['a key twice', 'seed: 1\nseed: 2', 'x.yaml:7:1: not valid YAML: expected a key once, got "seed" again'],
  ['__proto__', '__proto__: { x: 1 }', 'x.yaml:6:1: expected a setting, got the key "__proto__"'],
  ['constructor', 'constructor: 1', 'x.yaml:6:1: expected a setting, got the key "constructor"'],
  ['prototype, deeper', 'schedule: { prototype: 1 }', 'x.yaml:6:13: expected a setting, got the key'],
  ['a map as a key', '? { a: 1 }\n: 2', 'x.yaml:6:3: not valid YAML: expected the name of a setting'],
  ['brackets in brackets', `x: ${'['.repeat(300)}`, 'x.yaml:6:260: not valid YAML: expected at most 64'],
  [
    'lists in lists',
    `x: ${'['.repeat(70)}${']'.repeat(70)}`,
    'x.yaml:6:68: not valid YAML: expected at most',
  ],
  ['dashes', `x:\n${'- '.repeat(500)}`, 'x.yaml:7:129: not valid YAML: expected at most 64'],
  ['a huge file', `# ${'x'.repeat(200_000)}`, 'x.yaml: expected at most 131,072 characters of YAML'],
])('%s is refused with its place', (_, lines, message) => {
  expect(refusal(sound + lines).slice(0, message.length)).toBe(message);
});

test('of very many mistakes the first are told', () => {
  const unknown = Array.from({ length: 8000 }, (_, i) => `k${i}: 1`).join('\n');
  const told = refusal(sound + unknown).split('\n');
  expect(told).toHaveLength(21);
  expect(told[0]).toMatch(/^x.yaml:6:1 k0: unknown setting "k0"/);
  expect(told.at(-1)).toMatch(/and more mistakes/);
});

test('what is sound is read, with anchors, aliases and merges', () => {
  expect(refusal(sound)).toBe('accepted');
  expect(refusal(sound.replace('relu', '&a { kind: relu }, { <<: *a }, *a'))).toBe('accepted');
});

test('a mistake in each of very many layers costs no more than the layers', () => {
  // If the errors of all are copied for each, the test takes minutes.
  const wrong = sound.replace(/model: .*/, `model: [${'{},'.repeat(10_000)}]`);
  const told = refusal(wrong).split('\n');
  expect(told).toHaveLength(21);
  expect(told[0]).toMatch(/^x.yaml:2:9 model\[0\]: expected a layer with a kind, got {}/);
  const unknown = Array.from({ length: 1500 }, (_, i) => `{kind: dense, units: 2, unitz${i}: 1},`).join('');
  expect(refusal(sound.replace(/model: .*/, `model: [${unknown}]`))).toMatch(
    /^x.yaml:2:33 model\[0\].unitz0: unknown setting "unitz0"; did you mean "units"\?/,
  );
});
