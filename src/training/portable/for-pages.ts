/**
 * The program by which a page predicts: that of exported modules, and the preparation of pictures. The build
 * makes one file of it (page-program.js).
 */
export { prepareImage } from '../../data/pictures/prepare.ts';
export { portablePredictor } from './predictor.ts';
