/** The JSON schema of what a sweep and its workers send. The build makes validate-message.js of it. */
const text = { type: 'string' };
const shortText = { type: 'string', minLength: 1, maxLength: 400 };
const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };
const hex = (digits: number) => ({ type: 'string', pattern: `^[0-9a-f]{${digits}}$` });
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

/** The name of a training's state. */
const state = { type: 'string', pattern: '^[0-9a-f]{16}-[0-9.e+-]{1,24}$' };
const history = {
  type: 'array',
  items: { type: 'array', items: [number, number], minItems: 2, maxItems: 2 },
};
const ended = {
  kind: { const: 'ended' },
  stopped: { type: 'boolean' },
  history,
  value: number,
  weightsSha256: hex(64),
  seconds: { type: 'number', minimum: 0 },
};
const failed = {
  kind: { const: 'failed' },
  history,
  message: text,
  seconds: { type: 'number', minimum: 0 },
};
const row = {
  type: 'object',
  properties: {
    epoch: number,
    step: count,
    learningRate: number,
    train: { type: 'object' },
    validation: { type: 'object' },
    seconds: number,
    samplesPerSecond: number,
  },
  required: ['epoch', 'step', 'learningRate', 'train', 'seconds', 'samplesPerSecond'],
  additionalProperties: false,
};

const exactly = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Each kind of message, with its fields. */
const kinds = {
  sweep: {
    protocol: count,
    version: shortText,
    name: text,
    owner: shortText,
    host: shortText,
    began: number,
    objective: { type: 'object', properties: { name: text, goal: text }, required: ['name', 'goal'] },
    dataSha256: hex(64),
    experiment: text,
  },
  worker: {
    name: shortText,
    version: shortText,
    beat: count,
    doing: { enum: ['waits', 'trains', 'refuses'] },
    why: text,
  },
  job: {
    version: shortText,
    trial: { type: 'integer', minimum: 1 },
    run: hex(16),
    experiment: text,
    fingerprint: hex(64),
    until: orNull({ type: 'number', exclusiveMinimum: 0 }),
    threads: orNull({ type: 'integer', minimum: 1 }),
    from: orNull(state),
  },
  progress: { worker: shortText, epoch: number, epochs: number, value: number },
  result: {
    version: shortText,
    worker: shortText,
    run: hex(16),
    epochs: number,
    waits: { type: 'boolean' },
    outcome: { type: 'object', anyOf: [exactly(ended), exactly(failed)] },
    rows: { type: 'array', items: row },
    summary: orNull({ type: 'object' }),
    state: orNull(state),
  },
};

export const messageSchema = {
  type: 'object',
  properties: { kind: { enum: Object.keys(kinds) } },
  required: ['kind'],
  allOf: Object.entries(kinds).map(([kind, fields]) => ({
    anyOf: [
      { not: { properties: { kind: { const: kind } } } },
      exactly({ kind: { const: kind }, ...fields }),
    ],
  })),
} as const;

/** How ajv reads it. Figures may be no finite numbers. */
export const messageOptions = { strict: false, strictNumbers: false } as const;
