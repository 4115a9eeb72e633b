// The examples of docs/library.md that `npm test` leaves out.
import { test } from 'vitest';
import { libraryExamples } from '../support/library-examples.ts';

const { expectToPrint } = libraryExamples();

test.each(['Predict from memory', 'An optimizer of your own', 'A figure of your own', 'An HTTP server'])(
  '%s',
  expectToPrint,
);
