export const targets: Record<string, { parse(bytes: Buffer): unknown }>;
