import type { ValidateFunction } from 'ajv';

/**
 * Checks the block of a sweep against its schema, and fills in defaults. scripts/validators.mjs writes this
 * module when dist/ is built, from the schema of schema.ts.
 */
export const validate: ValidateFunction;
