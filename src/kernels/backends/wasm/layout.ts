/**
 * Columns a panel of W, for which the assembly is written: in dense products, and where zeros are skipped.
 */
import { panelLayout } from '../../layout.ts';

export const { dense: denseWidth, sparse: sparseWidth } = panelLayout.panelWidth;
