// Below these sizes an optimizer's numbers are set to zero. The velocity or moment of a weight whose input has become
// zero shrinks by a constant factor a step and would end in the subnormal numbers, on which processors are some 40 times
// slower; such a number cannot move a weight any more.

// 2^-100: a velocity, a moment or a mean square.
// @ts-ignore: decorator
@inline
export const vanishing: f32 = 7.888609052210118e-31;

// 2^-50: a gradient whose square would be smaller than that.
// @ts-ignore: decorator
@inline
export const vanishingRoot: f32 = 8.881784197001252e-16;
