/** What the server of a live page takes at most. It is for a few people who look. */
export interface LiveLimits {
  /** Open connections, those of viewers included. */
  connections: number;
  viewers: number;
  /** Milliseconds in which a request must have come. */
  requestTime: number;
  /** Milliseconds for which a viewer may read nothing. */
  patience: number;
  /** Milliseconds for which the end waits until viewers have the report. */
  endTime: number;
}

export const usualLimits: LiveLimits = {
  connections: 64,
  viewers: 32,
  requestTime: 5000,
  patience: 30_000,
  endTime: 2000,
};
