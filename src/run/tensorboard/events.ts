/** The events of TensorBoard that we write, as protocol buffers: tensorflow/core/util/event.proto. */
import { double, float, integer, joined, message, text } from './protobuf.ts';

/** When and where in the training. */
export interface Moment {
  /** Seconds since 1970. */
  wallTime: number;
  /** An epoch or an update; 0 for what belongs to no step. */
  step: number;
}

/** The fields of Event, Summary.Value, SummaryMetadata and TensorProto that are used here. */
const fields = {
  event: { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 },
  summary: { value: 1 },
  value: { tag: 1, simpleValue: 2, tensor: 8, metadata: 9 },
  metadata: { pluginData: 1, description: 3 },
  pluginData: { name: 1, content: 2 },
  tensor: { dtype: 1, shape: 2, floatValue: 5, stringValue: 8 },
  sessionLog: { status: 1 },
} as const;

const types = { float: 1, string: 7 };

function event({ wallTime, step }: Moment, content: Uint8Array): Uint8Array {
  return joined(double(fields.event.wallTime, wallTime), integer(fields.event.step, step), content);
}

/** The first event of each file. */
export function fileVersion(wallTime: number): Uint8Array {
  return event({ wallTime, step: 0 }, text(fields.event.fileVersion, 'brain.Event:2'));
}

/** Says that the training begins here: what earlier files have of this step and later ones is void. */
export function sessionStart(moment: Moment): Uint8Array {
  const start = 1;
  return event(moment, message(fields.event.sessionLog, integer(fields.sessionLog.status, start)));
}

/** Numbers by their tags, as curves. TensorBoard keeps them as float32. */
export function scalars(moment: Moment, values: Readonly<Record<string, number>>): Uint8Array {
  return event(
    moment,
    message(
      fields.event.summary,
      ...Object.entries(values).map(([tag, value]) =>
        message(fields.summary.value, text(fields.value.tag, tag), float(fields.value.simpleValue, value)),
      ),
    ),
  );
}

/** What a plugin keeps under a tag: `hparams` in the metadata, `custom_scalars` as a text. */
export function pluginData(
  moment: Moment,
  { tag, plugin, content, asText }: { tag: string; plugin: string; content: Uint8Array; asText?: boolean },
): Uint8Array {
  const { tensor, metadata, value } = fields;
  const own = [
    text(fields.pluginData.name, plugin),
    ...(asText ? [] : [message(fields.pluginData.content, content)]),
  ];
  const held = asText ? message(tensor.stringValue, content) : float(tensor.floatValue, 0);
  return event(
    moment,
    message(
      fields.event.summary,
      message(
        fields.summary.value,
        text(value.tag, tag),
        message(
          value.tensor,
          integer(tensor.dtype, asText ? types.string : types.float),
          message(tensor.shape),
          held,
        ),
        message(value.metadata, message(metadata.pluginData, ...own)),
      ),
    ),
  );
}
