// Mean squared error against one-hot targets, by rows: loss = mean of (z - t)^2, dz = 2 (z - t) / classes.
//
//   z, dz      (rows, classes)  row-major, one stride in bytes for each
//   label      (rows)           the class as a float
//   loss       (rows)
//   predicted  (rows)           the class of the largest output as a float, the first of equals
//
// A row is one sum over its classes, in rising order. Few rows of few columns: nothing to gain from vectors.

export function meanSquaredError(
  z: usize,
  zStride: usize,
  dz: usize,
  dzStride: usize,
  label: usize,
  loss: usize,
  predicted: usize,
  classes: usize,
  rows: usize,
): void {
  const slope: f32 = 2 / <f32>classes;
  for (let row: usize = 0; row < rows; row++) {
    const target = <usize>load<f32>(label + row * 4);
    let sum: f32 = 0;
    let largest = load<f32>(z);
    let winner: usize = 0;
    for (let j: usize = 0; j < classes; j++) {
      const value = load<f32>(z + j * 4);
      if (value > largest) {
        largest = value;
        winner = j;
      }
      const error = value - (j == target ? <f32>1 : <f32>0);
      sum += error * error;
      store<f32>(dz + j * 4, slope * error);
    }
    store<f32>(loss + row * 4, sum / <f32>classes);
    store<f32>(predicted + row * 4, <f32>winner);
    z += zStride;
    dz += dzStride;
  }
}
