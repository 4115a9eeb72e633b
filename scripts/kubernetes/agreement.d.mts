/** What a file of Kubernetes says, as YAML gives it. */
export function disagreements(documents: readonly unknown[]): string[];
