import type { ValidateFunction } from 'ajv';

/** Checks an experiment against its schema, and fills in defaults. scripts/validators.mjs writes it when dist/ is built. */
declare const validate: ValidateFunction;
export = validate;
