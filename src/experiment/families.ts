/** The settings of an experiment that name a member of a family. */
import type { Family } from '../contracts/fields.ts';

/** Settings that name a member of a family, wherever they are. */
export const familySettings: Readonly<Record<string, Family>> = {
  loss: 'loss',
  optimizer: 'optimizer',
  schedule: 'schedule',
  initializer: 'initializer',
};

/** Settings that hold a list of such members. */
export const familyLists: Readonly<Record<string, Family>> = {
  model: 'layer',
  layers: 'layer',
  shortcut: 'layer',
  augmentation: 'augmentation',
};
