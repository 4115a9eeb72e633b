/** A request that cannot be answered: a status of HTTP, and what is wrong in the words of all our errors. */
import { type Complaint, LockstepError } from '../foundation/errors.ts';
import { visible } from '../foundation/visible.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly complaint: Complaint;

  constructor(status: number, complaint: Complaint) {
    super(`${complaint.where}: expected ${complaint.expected}, got ${complaint.got}`);
    this.status = status;
    this.complaint = complaint;
  }
}

/** What a request is answered with: a status, and JSON as text. */
export interface Answer {
  status: number;
  text: string;
}

/**
 * The answer to a request that failed with this error. What is wrong in the rows is status 422. Anything else
 * is a defect of the server, status 500, without its trace.
 */
export function answerTo(error: unknown): Answer {
  if (error instanceof Refusal) return { status: error.status, text: errorText(error.complaint) };
  if (error instanceof LockstepError) {
    const { complaint, message, code } = error;
    const told = complaint ?? { where: 'body', expected: 'rows that can be read', got: message };
    return { status: code === 'data' ? 422 : 500, text: errorText(told) };
  }
  const got = error instanceof Error ? error.message : String(error);
  return { status: 500, text: errorText({ where: 'server', expected: 'to answer', got }) };
}

/** `{ "error": { where, expected, got, hint } }`. Nothing in it can steer a terminal. */
export function errorText({ where, expected, got, hint }: Complaint): string {
  const told = { where, expected, got, ...(hint === undefined ? {} : { hint }) };
  const shown = Object.entries(told).map(([key, text]) => [key, visible(text)]);
  return JSON.stringify({ error: Object.fromEntries(shown) });
}
