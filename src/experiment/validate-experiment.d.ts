import type { ValidateFunction } from 'ajv';

/**
 * Checks an experiment against its schema, and fills in defaults. scripts/validators.mjs writes this module
 * when dist/ is built, from the schema of schema.ts.
 */
export const validate: ValidateFunction;
