/**
 * What files may claim or hold at most. A file beyond a limit is refused before anything is allocated for it.
 *
 * What is not here is bounded by the file itself (a header is compared with the bytes that follow) or by the
 * memory that is free. docs/data.md lists the same numbers; a test compares them.
 */
export const limits = {
  /** Pixels of a picture: what phones take. Its colours then need 200 MB. */
  picturePixels: 50_000_000,
  /** Of a PNG image: a page at 300 dots an inch. A few kilobytes may hold so many, and they are costly. */
  pngPixels: 9_000_000,
  /** Bytes of its unpacked pixels: four for each. Those of 16 bits may have fewer. */
  pngBytes: 36_100_000,
  /** Pixels of a side: the format JPEG knows no longer ones, and nobody paints a line of a million pixels. */
  pictureSide: 65_535,
  /** A byte of deflate unpacks to no more than this: 258 bytes need two bits. */
  deflateRatio: 1032,
  /** What a byte of compressed text unpacks to, as a mean: tables of people come to 3 to 30 bytes. */
  textRatio: 200,
  /** Bytes of text that may be more, as in a small table that says one thing many times. */
  repetitiveText: 16_777_216,
  /** Bytes of a line of pixels: enough for 2048 x 2048, and a file that is no CSV cannot fill the memory. */
  csvLine: 16_777_216,
  /** Columns of a table: those of a picture of 512 x 512 pixels. */
  tableColumns: 262_144,
  /** Channels of an IDX image: red, green, blue and opacity. */
  idxChannels: 4,
  /** Bytes of the header of an array of NumPy. NumPy itself writes some hundred. */
  npyHeader: 65_536,
  /** Dimensions of an array of NumPy. */
  npyDimensions: 8,
  /** Files in a zip: what its directory can count without extensions. */
  zipEntries: 65_535,
  /** Classes, as far as two bytes count. */
  classes: 65_536,
  /** Characters of an experiment or a sweep: a thousand layers, written out, are half of it. */
  yamlBytes: 131_072,
  /** Maps and lists in one another, in YAML and in JSON. Residual blocks in residual blocks need some ten. */
  nesting: 64,
  /** Aliases that an experiment may use, counting those within what they stand for. */
  yamlAliases: 100,
  /** Mistakes that are told of one experiment. The rest are counted. */
  toldMistakes: 20,
  /** Bytes of the header of a checkpoint, as the format safetensors has it. */
  safetensorsHeader: 100_000_000,
  /** Seeds or folds of one folder. */
  parts: 1_000_000,
} as const;
