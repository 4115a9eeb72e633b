export const listed: readonly {
  name: string;
  /** Its path in the checkout. */
  file: string;
  /** A text that is there once, and what takes its place. */
  from: string;
  to: string;
  /** The tests that should notice, without test/ and .test.ts. */
  tests: readonly string[];
}[];
