/** The objective as people read it. */
import { deviationText, figureText as textOf } from '../model/figure-text.ts';
import { figureName, type Objective } from './objective.ts';

/** A share in percent, a loss as a number, a dash if there is no value. */
export function figureText(objective: Objective, value: number): string {
  return Number.isNaN(value) ? '-' : textOf(figureName(objective), value);
}

/** A value with its standard deviation over several seeds. */
export function spreadText(
  objective: Objective,
  { value, deviation }: { value: number; deviation: number },
): string {
  return `${figureText(objective, value)} ± ${deviationText(figureName(objective), deviation)}`;
}

/** Paths shortened to their last parts, as many as it takes to distinguish them. */
export function shortNames(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('.');
    for (let length = 1; length < parts.length; length++) {
      const short = parts.slice(-length).join('.');
      if (paths.filter((other) => other === short || other.endsWith(`.${short}`)).length === 1) return short;
    }
    return path;
  });
}

/** A parameter's value in a few letters. */
export function shortValue(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  }
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    const { kind, ...settings } = value;
    const rest = Object.entries(settings).map(([name, setting]) => `${name} ${shortValue(setting)}`);
    return rest.length > 0 ? `${kind} (${rest.join(', ')})` : String(kind);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
