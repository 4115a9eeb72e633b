/** A chart as the page hands it to the program that draws it. */
export interface Chart {
  title: string;
  note: string;
  /** How values are written: as they are, as a percentage, or as a whole number. */
  unit: 'number' | 'share' | 'count';
  /** Epochs, ascending. */
  x: readonly number[];
  series: readonly ChartSeries[];
  /** A place on the x axis with a name. */
  mark?: { x: number; label: string } | undefined;
}

export interface ChartSeries {
  name: string;
  /** Decides colour and dash. */
  role: 'training' | 'validation' | 'plain';
  /** One per x; null where there is none. */
  values: readonly (number | null)[];
}
