/** What schemas of settings are made of. */

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

/** An object with a closed set of settings. */
export function settings(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}
