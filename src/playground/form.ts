/** The form in which a reader chooses. */
import { type Choice, isPlane, type Source, shipped } from './choice.ts';
import { byId, element } from './elements.ts';
import { ranges } from './ranges.ts';

const form = () => byId<HTMLFormElement>('choices');
const field = (name: string) => form().elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
const sourceButtons = () => document.querySelectorAll<HTMLInputElement>('input[name="source"]');

/** @param onChoice something was chosen that is within its range */
export function startForm(onChoice: (choice: Choice) => void): (choice: Choice) => void {
  let current: Choice;
  const fill = (choice: Choice) => {
    current = choice;
    for (const button of sourceButtons()) button.checked = button.value === choice.source;
    for (const [name, value] of Object.entries(choice)) {
      if (name === 'source' || name === 'units') continue;
      fillField(field(name), String(value));
    }
    fillField(field('layers'), String(choice.units.length));
    byId('noise-field').hidden = !isPlane(choice);
    fillUnits(choice.units);
  };
  const take = () => {
    const choice = read(current);
    if (!choice) return;
    fill(choice);
    onChoice(choice);
  };
  form().addEventListener('change', take);
  form().addEventListener('submit', (event) => event.preventDefault());
  for (const button of sourceButtons()) {
    button.addEventListener('change', () => {
      const choice = { ...shipped[button.value as Source], seed: current.seed };
      fill(choice);
      onChoice(choice);
    });
  }
  return fill;
}

/** Sets a field; a value that a list does not have joins it. */
function fillField(into: HTMLInputElement | HTMLSelectElement, value: string): void {
  const missing =
    into instanceof HTMLSelectElement && ![...into.options].some((option) => option.value === value);
  if (missing) into.append(element('option', { value }, value));
  into.value = value;
}

/** A field for the units of each layer. */
function fillUnits(units: readonly number[]): void {
  const into = byId('units');
  while (into.childElementCount > units.length) into.lastElementChild!.remove();
  for (const [layer, count] of units.entries()) {
    let input = into.children[layer]?.querySelector('input');
    if (!input) {
      const { least, most } = ranges.units;
      input = element('input', { type: 'number', min: String(least), max: String(most), required: '' });
      into.append(element('label', {}, `units of layer ${layer + 1}`, input));
    }
    input.value = String(count);
  }
  byId('no-units').hidden = units.length > 0;
}

/** What the fields say; undefined if one of them is out of range, which the browser then says. */
function read(before: Choice): Choice | undefined {
  if (!form().reportValidity()) return undefined;
  const text = (name: string) => field(name).value;
  const number = (name: string) => Number(text(name));
  const given = [...byId('units').querySelectorAll('input')].map(({ value }) => Number(value));
  const units = Array.from({ length: number('layers') }, (_, i) => given[i] ?? given.at(-1) ?? 8);
  return {
    source: before.source,
    noise: isPlane(before) ? number('noise') : before.noise,
    units,
    activation: text('activation') as Choice['activation'],
    normalisation: text('normalisation') as Choice['normalisation'],
    dropout: number('dropout'),
    optimizer: text('optimizer') as Choice['optimizer'],
    learningRate: number('learningRate'),
    schedule: text('schedule') as Choice['schedule'],
    batchSize: number('batchSize'),
    epochs: number('epochs'),
    seed: number('seed'),
  };
}
