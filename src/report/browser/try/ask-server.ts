/** Asks the server that the page came from for the answer to a row. */
import type { Answer, SampleRow, TryFacts } from './facts.ts';

interface ServerPrediction {
  class?: string | number;
  values?: Readonly<Record<string, number>>;
  flags?: Readonly<Record<string, string | number>>;
  probabilities?: Readonly<Record<string, number>>;
}

/** One question at a time. Of those that come meanwhile only the last is asked; the others get no answer. */
export function askServer({
  input,
  outputs,
  words,
}: TryFacts): (row: SampleRow) => Promise<Answer | undefined> {
  let before: Promise<unknown> = Promise.resolve();
  const byName = <Value>(values: Readonly<Record<string, Value>>) => outputs.map((name) => values[name]!);
  const answerOf = ({ class: one, values, flags, probabilities }: ServerPrediction): Answer => ({
    ...(one === undefined ? {} : { said: outputs.indexOf(String(one)) }),
    ...(values ? { values: byName(values) } : {}),
    ...(flags
      ? { flags: byName(flags).map((flag, t) => Number(String(flag) === (words?.yes[t] ?? '1'))) }
      : {}),
    ...(probabilities ? { probabilities: byName(probabilities) } : {}),
  });
  const ask = async (row: SampleRow): Promise<Answer> => {
    const response = await fetch('/predict', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: [cellsOf(row, input)] }),
    });
    const { predictions, error } = await response.json();
    if (error) throw new Error(`${error.where}: expected ${error.expected}, got ${error.got}`);
    return answerOf(predictions[0]);
  };
  let asked = 0;
  return async (row) => {
    const mine = ++asked;
    const own = row.slice();
    await before.catch(() => {});
    if (mine !== asked) return undefined;
    const answer = ask(own);
    before = answer;
    return answer;
  };
}

/** A word that no table has. */
const other = '\u2014 another \u2014';

function cellsOf(row: SampleRow, input: TryFacts['input']): (number | string | null)[] {
  if (input.kind === 'picture') {
    const { white } = input;
    return Array.from(row, (byte) => (white === 255 ? byte : (byte * white) / 255));
  }
  return input.columns.map((column, c) => {
    const cell = row[c]!;
    if (Number.isNaN(cell)) return null;
    return column.kind === 'number' ? cell : (column.words[cell] ?? other);
  });
}
