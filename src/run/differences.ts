/** Where two pieces of plain data differ. */

/** `optimizer.learningRate: 0.1, now 0.2`, one for each difference. */
export function differences(then: unknown, now: unknown, path = ''): string[] {
  if (JSON.stringify(then) === JSON.stringify(now)) return [];
  if (!isObject(then) || !isObject(now)) return [`${path || 'all'}: ${text(then)}, now ${text(now)}`];
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  return keys.flatMap((key) => {
    const inner = Array.isArray(now) ? `${path}[${key}]` : `${path === '' ? '' : `${path}.`}${key}`;
    return differences(then[key], now[key], inner);
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function text(value: unknown): string {
  if (value === undefined) return 'nothing';
  const whole = JSON.stringify(value);
  return whole.length > 40 ? `${whole.slice(0, 37)}...` : whole;
}
