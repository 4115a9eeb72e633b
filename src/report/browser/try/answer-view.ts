/** Shows an answer: a sentence, which is also read aloud, and bars or values. */
import { shareText } from '../share-text.ts';
import type { TryFacts } from './facts.ts';
import type { Answer } from './network.ts';
import { startOdds } from './odds.ts';

export interface AnswerView {
  /** @param actual of a sample of the test set, what is right */
  show(answer: Answer | undefined, actual?: readonly number[]): void;
  /** Says why there is no answer. */
  say(text: string): void;
}

export function startAnswer(part: ParentNode, { task, shown, words }: TryFacts): AnswerView {
  const sentence = part.querySelector<HTMLElement>('.try-said')!;
  const list = part.querySelector<HTMLElement>('.odds')!;
  const say = (text: string) => {
    if (sentence.textContent !== text) sentence.textContent = text;
  };
  const sayClasses = (answer: Answer | undefined, actual?: readonly number[]) => {
    if (!answer) return;
    const said = `${shown[answer.said!]}, ${shareText(answer.probabilities![answer.said!]!)}`;
    const right = actual?.[0];
    say(right === undefined || right === answer.said ? said : `${said}; it is ${shown[right]}`);
  };
  const odds = task === 'values' ? undefined : startOdds(list, shown);
  const write = task === 'values' ? startValues(list, shown) : undefined;
  return {
    say(text) {
      say(text);
      odds?.show(undefined);
      write?.(undefined);
    },
    show(answer, actual) {
      if (task === 'values') {
        write!(answer?.values, actual);
        if (answer) say(answer.values!.map((value, t) => `${shown[t]} ${valueText(value)}`).join(', '));
        return;
      }
      if (task === 'classes') {
        odds!.show(answer?.probabilities, { said: answer?.said, actual: actual?.[0] });
        sayClasses(answer, actual);
        return;
      }
      odds!.show(answer?.probabilities);
      if (!answer) return;
      const word = (flag: number, t: number) =>
        (flag === 1 ? words?.yes[t] : words?.no[t]) ?? ['no', 'yes'][flag];
      const of = (flags: readonly number[]) =>
        flags.map((flag, t) => `${shown[t]} ${word(flag, t)}`).join(', ');
      const wrong = actual?.some((flag, t) => flag !== answer.flags![t]);
      say(wrong ? `${of(answer.flags!)}; it is ${of(actual!)}` : of(answer.flags!));
    },
  };
}

/** Six digits at most; the whole number is in the title. */
const valueText = (value: number) => String(Number(value.toPrecision(6)));

/** A line for each value: its name, what is predicted, what is right. */
function startValues(list: HTMLElement, names: readonly string[]) {
  const rows = names.map((name) => {
    const item = document.createElement('li');
    const [title, value, actual] = ['b', 'span', 'small'].map((tag) => document.createElement(tag));
    title!.textContent = name;
    item.append(title!, value!, actual!);
    list.append(item);
    return { value: value!, actual: actual! };
  });
  list.classList.add('values');
  return (values: readonly number[] | undefined, actual?: readonly number[]) => {
    for (const [t, row] of rows.entries()) {
      const value = values?.[t];
      row.value.textContent = value === undefined ? '' : valueText(value);
      row.value.title = value === undefined ? '' : String(value);
      row.actual.textContent = actual?.[t] === undefined ? '' : `it is ${valueText(actual[t])}`;
    }
  };
}
