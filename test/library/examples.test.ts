// The examples of docs/library.md, as they stand there, each as a stranger's program.
import { expect, test } from 'vitest';
import { libraryExamples, printed } from '../support/library-examples.ts';

const { titles, expectToPrint } = libraryExamples();

test('there are ten, all with a title that is known', () => {
  expect(titles()).toEqual(Object.keys(printed));
});

// The others are in examples.long.test.ts.
test.each([
  'Train from arrays',
  'Watch and stop',
  'Save, open, go on',
  'A layer of your own',
  'In a browser',
  'CommonJS',
])('%s', expectToPrint);
