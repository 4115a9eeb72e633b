/**
 * A form for a network that reads rows of a table: a field for each column. Each change is predicted at once.
 */
import { startAnswer } from './answer-view.ts';
import type { RowInput, TryColumn, TryFacts, TrySample } from './facts.ts';
import type { TriedNetwork } from './network.ts';
import { startSamples } from './samples.ts';

export function startRow(
  part: HTMLElement,
  facts: TryFacts & { input: RowInput },
  network: () => TriedNetwork,
): void {
  const { columns } = facts.input;
  const view = startAnswer(part, facts);
  const fields = columns.map((column, c) =>
    startField(part.querySelector<HTMLElement>(`[data-column="${c}"]`), column),
  );
  let sample: TrySample | undefined;
  let asked = 0;

  const buttons = startSamples(part, facts, (next) => {
    sample = next;
    for (const [c, cell] of (next.input as readonly (number | null)[]).entries()) fields[c]!.write(cell);
    look();
  });
  part.addEventListener('input', ({ target }) => {
    if (!(target instanceof Element)) return;
    const at = target.closest<HTMLElement>('[data-column]')?.dataset.column;
    if (at === undefined) return;
    fields[Number(at)]!.changed(target);
    sample = undefined;
    buttons.leave();
    look();
  });

  function look(): void {
    const mine = ++asked;
    const row = new Float64Array(columns.length);
    for (const [c, field] of fields.entries()) {
      const cell = field.read();
      if (typeof cell === 'string') {
        view.say(`${columns[c]!.name}: ${cell}`);
        return;
      }
      row[c] = cell;
    }
    const { actual } = sample ?? {};
    network()
      .answer(row)
      .then(
        (answer) => answer && mine === asked && view.show(answer, actual),
        (error: Error) => mine === asked && view.say(error.message),
      );
  }

  const first = facts.samples[0];
  if (first) part.querySelector<HTMLButtonElement>('button[data-sample="next"]')!.click();
  else look();
}

interface Field {
  /** The cell, or what is wrong with it. */
  read(): number | string;
  write(cell: number | null): void;
  /** Takes over what was set with another element of the field. */
  changed(element: Element): void;
}

/** A column that the page has no element for keeps its cell. */
function startField(box: HTMLElement | null, column: TryColumn): Field {
  if (!box) return hidden(column);
  return column.kind === 'number' ? numberField(box, column) : wordField(box);
}

function hidden(column: TryColumn): Field {
  let cell = column.kind === 'number' ? column.usual : 0;
  return {
    read: () => cell,
    write: (next) => {
      cell = next ?? Number.NaN;
    },
    changed: () => {},
  };
}

function numberField(box: HTMLElement, { gap, step }: TryColumn & { kind: 'number' }): Field {
  const number = box.querySelector<HTMLInputElement>('input[type="number"]')!;
  const slider = box.querySelector<HTMLInputElement>('input[type="range"]')!;
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  const wrong = (text: string | undefined) => {
    number.setAttribute('aria-invalid', String(text !== undefined));
    return text;
  };
  return {
    read() {
      // What is no number has no value either.
      if (number.validity.badInput) return wrong('expected a number')!;
      if (number.value.trim() !== '') {
        wrong(undefined);
        return Number(number.value);
      }
      if (!gap) return wrong('expected a number, as in every row of the training')!;
      wrong(undefined);
      return Number.NaN;
    },
    write(cell) {
      number.value = cell === null ? '' : String(cell);
      if (cell !== null) slider.value = String(cell);
    },
    changed(element) {
      if (element === slider) number.value = String(Number(Number(slider.value).toFixed(digits)));
      else if (number.value !== '') slider.value = number.value;
    },
  };
}

function wordField(box: HTMLElement): Field {
  const select = box.querySelector('select')!;
  return {
    read: () => (select.value === '' ? Number.NaN : Number(select.value)),
    write(cell) {
      select.value = cell === null ? '' : String(cell);
    },
    changed: () => {},
  };
}
