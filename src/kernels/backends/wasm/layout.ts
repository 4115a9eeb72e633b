/** Columns a panel of W: for the dense products, and for those that skip zeros. */
export const denseWidth = 8;
export const sparseWidth = 32;
