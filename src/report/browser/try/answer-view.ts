/**
 * Shows an answer: a sentence and bars or values. When nothing has changed for a moment, it is read aloud.
 */
import { shareText } from '../share-text.ts';
import type { Answer, TryFacts } from './facts.ts';
import { startOdds } from './odds.ts';

export interface AnswerView {
  /** @param actual of a sample of the test set, what is right */
  show(answer: Answer, actual?: readonly number[]): void;
  /** Says why there is no answer. */
  say(text: string): void;
}

/** What an answer is shown by, and the sentence that is seen and the one that is heard. */
interface Shown {
  clear(): void;
  show(answer: Answer, actual?: readonly number[]): { seen: string; heard: string };
}

/** Milliseconds for which an answer stays before it is read aloud. */
const pause = 600;

export function startAnswer(part: ParentNode, facts: TryFacts): AnswerView {
  const one = (selector: string) => part.querySelector<HTMLElement>(selector)!;
  const [seen, heard] = [one('.try-said'), one('.try-heard')];
  const kinds = { classes: shownClasses, flags: shownFlags, values: shownValues };
  const shown = kinds[facts.task](one('.odds'), facts);
  let waiting: ReturnType<typeof setTimeout>;
  const say = (sentence: string, aloud: string) => {
    seen.textContent = sentence;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      heard.textContent = aloud;
    }, pause);
  };
  return {
    say(text) {
      shown.clear();
      say(text, text);
    },
    show(answer, actual) {
      const sentences = shown.show(answer, actual);
      say(sentences.seen, sentences.heard);
    },
  };
}

const both = (sentence: string) => ({ seen: sentence, heard: sentence });

function shownClasses(list: HTMLElement, { shown }: TryFacts): Shown {
  const odds = startOdds(list, shown);
  return {
    clear: () => odds.show(undefined),
    show({ said, probabilities }, actual) {
      const right = actual?.[0];
      odds.show(probabilities, { said, actual: right });
      const sentence = `${shown[said!]}, ${shareText(probabilities![said!]!)}`;
      return both(right === undefined || right === said ? sentence : `${sentence}; it is ${shown[right]}`);
    },
  };
}

function shownFlags(list: HTMLElement, { shown, words }: TryFacts): Shown {
  const odds = startOdds(list, shown);
  const word = (flag: number, t: number) => (flag === 1 ? (words?.yes[t] ?? 'yes') : (words?.no[t] ?? 'no'));
  const textOf = (flags: readonly number[]) =>
    flags.map((flag, t) => `${shown[t]} ${word(flag, t)}`).join(', ');
  return {
    clear: () => odds.show(undefined),
    show({ flags, probabilities }, actual) {
      odds.show(probabilities);
      const wrong = actual?.some((flag, t) => flag !== flags![t]);
      return both(wrong ? `${textOf(flags!)}; it is ${textOf(actual!)}` : textOf(flags!));
    },
  };
}

/** Six digits at most; all of them are in the title. */
const valueText = (value: number) => String(Number(value.toPrecision(6)));

/** A line for each value: its name, what is predicted, what is right. */
function shownValues(list: HTMLElement, { shown }: TryFacts): Shown {
  list.classList.add('values');
  const rows = shown.map((name) => {
    const item = document.createElement('li');
    const [title, value, actual] = ['b', 'span', 'small'].map((tag) => document.createElement(tag));
    title!.textContent = name;
    item.append(title!, value!, actual!);
    list.append(item);
    return { value: value!, actual: actual! };
  });
  const write = (values?: readonly number[], right?: readonly number[]) => {
    for (const [t, { value, actual }] of rows.entries()) {
      value.textContent = values ? valueText(values[t]!) : '';
      value.title = values ? String(values[t]) : '';
      actual.textContent = right ? `it is ${valueText(right[t]!)}` : '';
    }
  };
  return {
    clear: () => write(),
    show({ values }, actual) {
      write(values, actual);
      const heard = shown.map((name, t) => `${name} ${valueText(values![t]!)}`).join(', ');
      return { seen: '', heard };
    },
  };
}
