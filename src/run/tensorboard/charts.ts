/** TensorBoard's tab CUSTOM SCALARS: one chart for each figure, with training and validation in it. */
import { type Moment, pluginData } from './events.ts';
import { integer, joined, message, text } from './protobuf.ts';

/** The fields of Layout, Category, Chart and MultilineChartContent. */
const fields = {
  layout: { version: 1, category: 2 },
  category: { title: 1, chart: 2 },
  chart: { title: 1, lines: 2 },
  lines: { tag: 1 },
} as const;

/** @param charts the tags of the lines, by the title of the chart */
export function chartLayout(moment: Moment, charts: Readonly<Record<string, readonly string[]>>): Uint8Array {
  const content = joined(
    integer(fields.layout.version, 0),
    message(
      fields.layout.category,
      text(fields.category.title, 'training and validation'),
      ...Object.entries(charts).map(([title, tags]) =>
        message(
          fields.category.chart,
          text(fields.chart.title, title),
          // A tag is a regular expression there.
          message(fields.chart.lines, ...tags.map((tag) => text(fields.lines.tag, `^${tag}$`))),
        ),
      ),
    ),
  );
  return pluginData(moment, {
    tag: 'custom_scalars__config__',
    plugin: 'custom_scalars',
    content,
    asText: true,
  });
}
