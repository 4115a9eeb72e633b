/** A probability in three digits. If it would round to certainty or to zero, a bound is given instead. */
export function shareText(probability: number): string {
  if (probability > 0.999) return '> 99.9 %';
  if (probability < 0.001) return '< 0.1 %';
  return `${(probability * 100).toFixed(1)} %`;
}
