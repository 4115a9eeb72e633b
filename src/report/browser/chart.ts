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
  /** One per x; null if there is none. */
  values: readonly (number | null)[];
}
