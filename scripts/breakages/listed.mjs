// All breakages.
import { data } from './data.mjs';
import { exports } from './exports.mjs';
import { figures } from './figures.mjs';
import { mathematics } from './mathematics.mjs';
import { runs } from './runs.mjs';
import { training } from './training.mjs';
import { using } from './using.mjs';

export const listed = [...mathematics, ...training, ...figures, ...data, ...runs, ...exports, ...using];
