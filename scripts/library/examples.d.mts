/** An example of docs/library.md. */
export interface Example {
  number: number;
  title: string;
  /** Runs it with this node. */
  run(node: string): Promise<{ stdout: string; stderr: string }>;
}

export function elsewhere(): Promise<string>;
export function compile(folder: string, files: string[]): Promise<void>;
export function readExamples(): Promise<Example[]>;
export function prepareExamples(examples: Example[]): Promise<string>;
