/** How ajv reads the schema, here and when the validator is built. */
export const validatorOptions = {
  allErrors: true,
  useDefaults: true,
  discriminator: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  // Ours are made from the errors' other properties, see complaint.ts.
  messages: false,
} as const;
