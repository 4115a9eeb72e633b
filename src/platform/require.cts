// What require('lockstep') finds on a Node.js that cannot require an ES module.
throw new Error(
  `lockstep: require() needs Node 20.19, 22.12 or newer, got ${process.version}; ` +
    "write `await import('lockstep')`",
);
