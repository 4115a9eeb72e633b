/** TensorBoard's tab HPARAMS: what a sweep varies and watches, and the values of each training. */
import { type Moment, pluginData } from './events.ts';
import { double, integer, joined, message, text } from './protobuf.ts';

/** The fields of HParamsPluginData and its messages, and of google.protobuf.Value. */
const fields = {
  data: { version: 1, experiment: 2, sessionStart: 3, sessionEnd: 4 },
  experiment: { created: 3, parameter: 4, metric: 5, name: 6 },
  parameter: { name: 1, type: 4, discrete: 5, interval: 6 },
  list: { values: 1 },
  interval: { least: 1, most: 2 },
  metric: { name: 1, title: 3, set: 5 },
  metricName: { tag: 2 },
  start: { parameters: 1, group: 4, seconds: 5 },
  entry: { key: 1, value: 2 },
  end: { status: 1, seconds: 2 },
  value: { number: 2, text: 3, boolean: 4 },
} as const;

const types = { text: 1, boolean: 2, number: 3 };
const sets = { validation: 2 };
const statuses = { success: 1, failure: 2 };

/** A parameter of a sweep: a list of values, or all between two numbers; neither: any number. */
export interface VariedParameter {
  name: string;
  values?: readonly unknown[];
  interval?: readonly [least: number, most: number];
}

/** The sweep as a whole: goes into one file of its folder. */
export function sweepExperiment(
  moment: Moment,
  {
    name,
    parameters,
    metric,
  }: { name: string; parameters: readonly VariedParameter[]; metric: { tag: string; title: string } },
): Uint8Array {
  const { experiment, metric: of } = fields;
  return plugin(
    moment,
    '_hparams_/experiment',
    message(
      fields.data.experiment,
      text(experiment.name, name),
      double(experiment.created, moment.wallTime),
      ...parameters.map((one) => message(experiment.parameter, parameterInfo(one))),
      message(
        experiment.metric,
        message(of.name, text(fields.metricName.tag, metric.tag)),
        text(of.title, metric.title),
        integer(of.set, sets.validation),
      ),
    ),
  );
}

function parameterInfo({ name, values, interval }: VariedParameter): Uint8Array {
  const { parameter } = fields;
  const plain = values?.map(plainValue);
  const kinds = new Set(plain?.map((value) => typeof value));
  const one = kinds.size === 1 ? [...kinds][0] : undefined;
  const type =
    values === undefined || one === 'number' ? types.number : one === 'boolean' ? types.boolean : types.text;
  // Values of several kinds are texts, because a column has one type.
  const listed = plain?.map((value) => valueMessage(type === types.text ? String(value) : value));
  return joined(
    text(parameter.name, name),
    integer(parameter.type, type),
    ...(listed
      ? [message(parameter.discrete, ...listed.map((one) => message(fields.list.values, one)))]
      : []),
    ...(interval
      ? [
          message(
            parameter.interval,
            double(fields.interval.least, interval[0]),
            double(fields.interval.most, interval[1]),
          ),
        ]
      : []),
  );
}

/** A training of a sweep. */
export interface SessionOf {
  /** Trainings of one trial form a group: they differ by their seeds only. */
  group: string;
  parameters: Readonly<Record<string, unknown>>;
}

export function sessionStart(moment: Moment, { group, parameters }: SessionOf): Uint8Array {
  const { start, entry } = fields;
  return plugin(
    moment,
    '_hparams_/session_start_info',
    message(
      fields.data.sessionStart,
      ...Object.entries(parameters).map(([name, value]) =>
        message(
          start.parameters,
          text(entry.key, name),
          message(entry.value, valueMessage(plainValue(value))),
        ),
      ),
      text(start.group, group),
      double(start.seconds, moment.wallTime),
    ),
  );
}

export function sessionEnd(moment: Moment, succeeded: boolean): Uint8Array {
  const { end } = fields;
  return plugin(
    moment,
    '_hparams_/session_end_info',
    message(
      fields.data.sessionEnd,
      integer(end.status, succeeded ? statuses.success : statuses.failure),
      double(end.seconds, moment.wallTime),
    ),
  );
}

function plugin(moment: Moment, tag: string, data: Uint8Array): Uint8Array {
  const content = joined(integer(fields.data.version, 0), data);
  return pluginData(moment, { tag, plugin: 'hparams', content });
}

type Plain = string | number | boolean;

/** A setting that is an object or a list, as its JSON. */
function plainValue(value: unknown): Plain {
  return ['string', 'number', 'boolean'].includes(typeof value) ? (value as Plain) : JSON.stringify(value);
}

function valueMessage(value: Plain): Uint8Array {
  if (typeof value === 'number') return double(fields.value.number, value);
  if (typeof value === 'boolean') return integer(fields.value.boolean, Number(value));
  return text(fields.value.text, value);
}
