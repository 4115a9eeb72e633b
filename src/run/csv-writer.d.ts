/**
 * Types of the part of csv-writer that we use. The package's own types are its TypeScript sources, which do
 * not compile under our stricter settings, so tsconfig.json points here instead.
 */
type Row = Readonly<Record<string, string | number>>;
type Header = readonly { id: string; title: string }[];

export function createObjectCsvWriter(options: { path: string; header: Header; append?: boolean }): {
  writeRecords(records: readonly Row[]): Promise<void>;
};
export function createArrayCsvWriter(options: { path: string; header: readonly string[] }): {
  writeRecords(records: readonly (readonly (string | number)[])[]): Promise<void>;
};
export function createObjectCsvStringifier(options: { header: Header }): {
  getHeaderString(): string | null;
  stringifyRecords(records: readonly Row[]): string;
};
export function createArrayCsvStringifier(options: { header: readonly string[] }): {
  getHeaderString(): string | null;
  stringifyRecords(records: readonly (readonly (string | number)[])[]): string;
};
