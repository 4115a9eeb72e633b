/** The classes that a network knows worst, where there are too many to show all. */
import type { ClassMetrics } from '../foundation/confusion.ts';

export interface NamedClass extends ClassMetrics {
  name: string;
}

/** Classes that are shown if there are more than a screen can hold. */
const mostShown = 20;

/** The figures of each class with its name; by default its number. */
export function namedClasses(metrics: readonly ClassMetrics[], names?: readonly string[]): NamedClass[] {
  return metrics.map((one, c) => ({ name: names?.[c] ?? String(c), ...one }));
}

/** Those of the lowest F1, of the classes that occur. Of equal ones, those with more samples come first. */
export function worstClasses(classes: readonly NamedClass[]): NamedClass[] {
  return classes
    .filter(({ support }) => support > 0)
    .sort((a, b) => a.f1 - b.f1 || b.support - a.support)
    .slice(0, mostShown);
}
