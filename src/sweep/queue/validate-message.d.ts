import type { ValidateFunction } from 'ajv';

/**
 * Checks a message between a sweep and its workers against its schema. scripts/validators.mjs writes this
 * module when dist/ is built, from the schema of message-schema.ts.
 */
export const validate: ValidateFunction;
