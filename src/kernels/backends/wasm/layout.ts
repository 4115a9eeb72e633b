/** Columns a panel of W: for the dense products, and for those that skip zeros. The assembly is written for them. */
import { panelLayout } from '../../layout.ts';

export const { dense: denseWidth, sparse: sparseWidth } = panelLayout.panelWidth;
