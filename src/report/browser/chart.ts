/** A chart, as the page passes it to the program that draws it. */
export interface Chart {
  title: string;
  note: string;
  /** Format of the values: a number, a percentage, or a whole number. */
  unit: 'number' | 'share' | 'count';
  /** Epochs, ascending. */
  x: readonly number[];
  series: readonly ChartSeries[];
  /** A labelled place on the x axis. */
  mark?: { x: number; label: string } | undefined;
}

export interface ChartSeries {
  name: string;
  /** Decides colour and dash. */
  role: 'training' | 'validation' | 'plain';
  /** Of charts with several runs: the number of a colour, from 1, that takes the place of the role's. */
  run?: number;
  /** Of one of many, or of their mean. */
  weight?: 'thin' | 'thick';
  /** One per x; null if there is none. */
  values: readonly (number | null)[];
}
