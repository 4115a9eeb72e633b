/** What a server takes at most, so that no request can fill the memory or hold up the others for long. */
export interface ServeLimits {
  /** Bytes of a body: a photo of a phone, or 10,000 rows of many columns. */
  bodyBytes: number;
  /** Bytes of all bodies that are received or wait. */
  allBytes: number;
  /** Rows of a request. */
  rows: number;
  /** Probabilities, or values, of an answer. */
  numbers: number;
  /** Pixels of a picture. `train predict` takes 50 million; here others wait meanwhile. */
  picturePixels: number;
  /** Arrays and objects in one another, in JSON. */
  nesting: number;
  /** Requests that wait for the network. */
  waiting: number;
  /** Requests, and bytes of bodies, that go through the network together. */
  batch: { requests: number; bytes: number };
  /** Open connections. */
  connections: number;
  /** Milliseconds in which the head of a request must have come. */
  headTime: number;
  /** Milliseconds in which its body must have come after that. */
  bodyTime: number;
  /** Milliseconds that a batch may take; then its thread is replaced. */
  batchTime: number;
  /** Milliseconds that a stop waits for requests that have begun. */
  stopTime: number;
}

export const usualLimits: ServeLimits = {
  bodyBytes: 16_777_216,
  allBytes: 134_217_728,
  rows: 10_000,
  numbers: 250_000,
  picturePixels: 25_000_000,
  nesting: 16,
  waiting: 256,
  batch: { requests: 64, bytes: 8_388_608 },
  connections: 1024,
  headTime: 10_000,
  bodyTime: 20_000,
  batchTime: 60_000,
  stopTime: 10_000,
};
