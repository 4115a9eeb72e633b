/** How this program is called, for commands to copy. npx runs what is not on the PATH, and says so to it. */
export const called = process.env.npm_command === 'exec' ? 'npx train' : 'train';
