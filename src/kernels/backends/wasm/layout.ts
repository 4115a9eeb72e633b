/** Columns a panel of W, for which the assembly is written: in dense products, and in those that skip zeros. */
import { panelLayout } from '../../layout.ts';

export const { dense: denseWidth, sparse: sparseWidth } = panelLayout.panelWidth;
