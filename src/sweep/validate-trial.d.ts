import type { ValidateFunction } from 'ajv';

/**
 * Checks a line of trials.jsonl against its schema. scripts/validators.mjs writes this module
 * when dist/ is built, from the schema of trial-schema.ts.
 */
export const validate: ValidateFunction;
