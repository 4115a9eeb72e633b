/** The JSON schema of a line of trials.jsonl. The build makes validate-trial.js of it. */
const nullable = (type: string) => ({ type: [type, 'null'] });
const digest = { type: ['string', 'null'], pattern: '^[0-9a-f]{64}$' };

export const trialSchema = {
  type: 'object',
  properties: {
    trial: { type: 'integer', minimum: 1 },
    id: { type: 'string', pattern: '^[0-9a-f]{16}$' },
    parameters: { type: 'object' },
    seed: { type: 'integer', minimum: 0 },
    status: { enum: ['finished', 'stopped', 'failed'] },
    epochs: { type: 'number', minimum: 0 },
    metric: nullable('number'),
    history: {
      type: 'array',
      items: {
        type: 'array',
        items: [{ type: 'number', minimum: 0 }, nullable('number')],
        minItems: 2,
        maxItems: 2,
      },
    },
    weightsSha256: digest,
    // The path must not lead out of the sweep's folder: `train sweep merge` copies the runs that lines name.
    run: { type: 'string', pattern: '^(trials/[0-9a-f]{16})?$' },
    message: { type: 'string' },
    seconds: { type: 'number', minimum: 0 },
  },
  required: [
    ...['trial', 'id', 'parameters', 'seed', 'status', 'epochs', 'metric', 'history'],
    ...['weightsSha256', 'run', 'seconds'],
  ],
  additionalProperties: false,
  // What has a result has a figure and weights.
  if: { properties: { status: { const: 'failed' } } },
  else: { properties: { metric: { type: 'number' }, weightsSha256: { type: 'string' } } },
} as const;

/** How ajv reads it. */
export const trialOptions = { strict: false } as const;
