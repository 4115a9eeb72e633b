/** Probabilities as bars that move. They know nothing of networks, so that any page can use them. */
import { shareText } from '../share-text.ts';

export interface Marks {
  /** What the network says. */
  said?: number | undefined;
  /** What is right, if that is known. */
  actual?: number | undefined;
}

export interface Odds {
  /** Undefined: nothing is said. */
  show(probabilities: ArrayLike<number> | undefined, marks?: Marks): void;
}

/** If there are more, the likeliest are shown, in their order. */
const most = 12;

interface Row {
  item: HTMLLIElement;
  name: HTMLElement;
  bar: HTMLElement;
  share: HTMLElement;
}

/** Fills the list with a bar for each name. */
export function startOdds(list: HTMLElement, names: readonly string[]): Odds {
  const count = Math.min(most, names.length);
  const rows = Array.from({ length: count }, () => newRow(list));
  const write = ({ item, name, bar, share }: Row, at: number, odds?: ArrayLike<number>, marks?: Marks) => {
    const probability = odds?.[at];
    name.textContent = names[at]!;
    name.title = names[at]!;
    bar.style.setProperty('--share', String(probability ?? 0));
    share.textContent = probability === undefined ? '' : shareText(probability);
    share.title = probability === undefined ? '' : String(probability);
    item.dataset.at = String(at);
    item.classList.toggle('said', at === marks?.said);
    item.classList.toggle('actual', at === marks?.actual);
  };
  const show: Odds['show'] = (odds, marks) => {
    const order = Array.from(names.keys());
    // A sort that keeps the order of equal ones.
    if (odds && names.length > count) order.sort((a, b) => odds[b]! - odds[a]!);
    for (const [i, row] of rows.entries()) write(row, order[i]!, odds, marks);
  };
  show(undefined);
  return { show };
}

function newRow(list: HTMLElement): Row {
  const item = document.createElement('li');
  const [name, bar, share] = ['b', 'i', 'span'].map((tag) => document.createElement(tag));
  item.append(name!, bar!, share!);
  list.append(item);
  return { item, name: name!, bar: bar!, share: share! };
}
