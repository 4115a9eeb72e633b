/** The check of an experiment against its schema, which changes when a program brings kinds of its own. */
import type { ValidateFunction } from 'ajv';
import { validate as built } from './validate-experiment.js';

let current: ValidateFunction = built;

export function validator(): ValidateFunction {
  return current;
}

export function useValidator(validate: ValidateFunction): void {
  current = validate;
}
