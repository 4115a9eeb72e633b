/** Files of other programs, told by their first bytes: what each is, and what to make of it. */

/** A kind of file: whether these bytes begin one, what it is, and what to do with it. */
interface Kind {
  is: (start: Start) => boolean;
  what: string;
  hint: string | ((name: string) => string);
}

/** The beginning of a file. */
interface Start {
  bytes: Uint8Array;
  /** The same with a character for each byte. */
  text: string;
  /** The file's name, in small letters. */
  name: string;
}

/** So many bytes tell all kinds apart: tar's name is at 257, and zip names its first files. */
const lookedAt = 4096;

const begins =
  (...beginnings: string[]) =>
  ({ text }: Start) =>
    beginnings.some((beginning) => text.startsWith(beginning));

const python = (line: string) => (name: string) =>
  `convert it: python3 -c "${line.replace('FILE', `'${name}'`)}"`;
const pandas = (call: string) => python(`import pandas; pandas.${call}.to_csv('data.csv', index=False)`);
const numpy = (lines: string, arrays: string) =>
  python(`import numpy; ${lines}; numpy.savez('data.npz', ${arrays})`);
const iconv = (encoding: string) => (name: string) =>
  `convert it: iconv -f ${encoding} -t UTF-8 '${name}' > data.csv`;
const unpack = (command: string) => (name: string) => `unpack it: ${command} '${name}'`;
const picture = 'a folder with a folder for each class holds pictures, such as train/cat/1.png';

/** A zip that begins with such a file, or has one of these endings. */
const holds =
  (part: string, ...endings: string[]) =>
  (start: Start) =>
    start.text.startsWith('PK\x03\x04') &&
    (start.text.includes(part) || endings.some((ending) => start.name.endsWith(ending)));

/** Beginnings that are letters, as a table's may be, but with bytes that no text holds after them. */
const binary = (beginning: string) => (start: Start) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  start.text.startsWith(beginning) && /[\0-\x08\x0e-\x1a]/.test(start.text.slice(0, 64));

const utf16 = ({ bytes }: Start, odd: 0 | 1) =>
  bytes.length >= 4 && [0, 2].every((i) => bytes[i + odd] === 0 && bytes[i + 1 - odd] !== 0);

/** The first that fits is it. */
const kinds: readonly Kind[] = [
  {
    is: begins('MATLAB 5.0 MAT-file'),
    what: 'a MATLAB file (.mat)',
    hint: numpy(
      'from scipy.io import loadmat; m = loadmat(FILE)',
      "**{k: v for k, v in m.items() if k[0] != '_'}",
    ),
  },
  {
    is: begins('MATLAB 7.3 MAT-file'),
    what: 'a MATLAB file of version 7.3 (.mat), which is HDF5',
    hint: numpy('import h5py; f = h5py.File(FILE)', "**{k: f[k][()].T for k in f if k[0] != '#'}"),
  },
  { is: binary('PAR1'), what: 'a Parquet file', hint: pandas('read_parquet(FILE)') },
  { is: binary('ARROW1'), what: 'an Arrow or Feather file', hint: pandas('read_feather(FILE)') },
  { is: binary('FEA1'), what: 'a Feather file', hint: pandas('read_feather(FILE)') },
  { is: begins('Obj\x01'), what: 'an Avro file', hint: 'save it as CSV' },
  { is: binary('ORC'), what: 'an ORC file', hint: pandas('read_orc(FILE)') },
  {
    is: holds('xl/', '.xlsx', '.xlsm'),
    what: 'an Excel workbook (.xlsx)',
    hint: (name) => `save the sheet as CSV UTF-8, or ${pandas('read_excel(FILE)')(name)}`,
  },
  {
    is: holds('opendocument.spreadsheet', '.ods'),
    what: 'a LibreOffice spreadsheet (.ods)',
    hint: 'save the sheet as CSV, in UTF-8',
  },
  { is: holds('word/', '.docx'), what: 'a Word document (.docx)', hint: 'save its table as CSV' },
  { is: holds('.npy'), what: 'an archive of NumPy arrays (.npz)', hint: 'give it the ending .npz' },
  {
    is: holds('data.pkl', '.pt', '.pth'),
    what: 'a PyTorch file',
    hint: numpy('import torch; t = torch.load(FILE)', 'x=t[0].numpy(), y=t[1].numpy()'),
  },
  { is: begins('PK\x03\x04', 'PK\x05\x06'), what: 'a zip archive', hint: unpack('unzip') },
  {
    is: begins('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
    what: 'an old Office file, such as an Excel workbook (.xls)',
    hint: 'save the sheet as CSV',
  },
  {
    is: begins('\x89HDF\r\n\x1a\n'),
    what: 'an HDF5 file (.h5, .hdf5, or NetCDF 4)',
    hint: numpy('import h5py; f = h5py.File(FILE)', '**{k: f[k][()] for k in f}'),
  },
  {
    is: begins('CDF\x01', 'CDF\x02', 'CDF\x05'),
    what: 'a NetCDF file',
    hint: python("import xarray; xarray.open_dataset(FILE).to_dataframe().to_csv('data.csv')"),
  },
  {
    is: begins('SQLite format 3\0'),
    what: 'an SQLite database',
    hint: (name) => `convert a table: sqlite3 -header -csv '${name}' "select * from NAME" > data.csv`,
  },
  {
    // Protocol 2 and above, and then the first of its instructions.
    is: ({ bytes, name }) =>
      (bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5) || /\.(pkl|pickle|p)$/.test(name),
    what: 'a Python pickle, which is never opened: it may run any program',
    hint: numpy("import pickle; x, y = pickle.load(open(FILE, 'rb'))", 'X=x, y=y'),
  },
  { is: begins('\x93NUMPY'), what: 'an array of NumPy (.npy)', hint: 'give it the ending .npy' },
  { is: begins('%PDF-'), what: 'a PDF document', hint: 'get the table that it was made of' },
  { is: begins('\x89PNG\r\n\x1a\n'), what: 'a PNG picture', hint: picture },
  { is: begins('\xff\xd8\xff'), what: 'a JPEG picture', hint: picture },
  { is: begins('GIF87a', 'GIF89a'), what: 'a GIF picture', hint: picture },
  {
    is: ({ text: t }) => t.startsWith('RIFF') && t.slice(8, 12) === 'WEBP',
    what: 'a WebP picture',
    hint: picture,
  },
  { is: begins('II*\0', 'MM\0*'), what: 'a TIFF picture', hint: picture },
  {
    is: ({ text: t }) => t.startsWith('BM') && t.slice(6, 10) === '\0\0\0\0',
    what: 'a BMP picture',
    hint: picture,
  },
  { is: ({ text: t }) => t.slice(257, 262) === 'ustar', what: 'a tar archive', hint: unpack('tar -xf') },
  { is: begins('7z\xbc\xaf\x27\x1c'), what: 'a 7-Zip archive', hint: unpack('7z x') },
  { is: begins('Rar!\x1a'), what: 'a RAR archive', hint: unpack('unrar x') },
  { is: begins('BZh'), what: 'a file compressed by bzip2', hint: unpack('bunzip2') },
  { is: begins('\xfd7zXZ\0'), what: 'a file compressed by xz', hint: unpack('unxz') },
  { is: begins('\x28\xb5\x2f\xfd'), what: 'a file compressed by zstd', hint: unpack('unzstd') },
  { is: begins('\x04\x22\x4d\x18'), what: 'a file compressed by lz4', hint: unpack('unlz4') },
  { is: begins('\x1f\x8b'), what: 'a gzip file inside a gzip file', hint: unpack('gunzip') },
  { is: begins('\xff\xfe\0\0', '\0\0\xfe\xff'), what: 'UTF-32 text', hint: iconv('UTF-32') },
  { is: begins('\xff\xfe', '\xfe\xff'), what: 'UTF-16 text', hint: iconv('UTF-16') },
  { is: (start) => utf16(start, 1), what: 'UTF-16 text', hint: iconv('UTF-16LE') },
  { is: (start) => utf16(start, 0), what: 'UTF-16 text', hint: iconv('UTF-16BE') },
  {
    is: begins('\0\0\x08\x03', '\0\0\x08\x01'),
    what: 'an IDX file',
    hint: 'give the folder that it lies in',
  },
  {
    is: begins('version https://git-lfs.github.com/spec/'),
    what: 'a pointer of Git LFS: the file itself was not fetched',
    hint: 'git lfs pull',
  },
  {
    is: ({ text: t }) => /^\s*(?:<!doctype html|<html|<head|<body)/i.test(t),
    what: 'a web page: the download gave a page and not the file',
    hint: 'open the address in a browser, and save the file that the page links to',
  },
  {
    is: ({ text: t }) => /^\s*<(?:\?xml|[a-z]+[ >])/i.test(t),
    what: 'an XML file',
    hint: pandas('read_xml(FILE)'),
  },
  {
    is: ({ text: t }) => /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:[^\n]*\}\s*\n\s*\{/.test(t),
    what: 'JSON, an object a line',
    hint: pandas('read_json(FILE, lines=True)'),
  },
  {
    is: ({ text: t }) => /^\s*(?:\{\s*(?:"|\})|\[\s*[[{"\d-])/.test(t),
    what: 'JSON',
    hint: pandas('read_json(FILE)'),
  },
  {
    is: ({ text: t }) => /^(?:[ \t\r]*(?:%[^\n]*)?\n)*[ \t]*@relation\b/i.test(t),
    what: 'an ARFF file of Weka',
    hint: (name) =>
      `take its CSV, or ${pandas('DataFrame(loadarff(FILE)[0])')(name)}`.replace(
        'import pandas;',
        'import pandas; from scipy.io.arff import loadarff;',
      ),
  },
  {
    // Its lines are `label index:value index:value`.
    is: ({ text: t }) => /^[+-]?\d+(?:\.\d+)?(?: +\d+:[+-]?[\d.]+(?:e[+-]?\d+)?){2}/i.test(t),
    what: 'a LIBSVM file',
    hint: numpy(
      'from sklearn.datasets import load_svmlight_file as load; X, y = load(FILE)',
      'X=X.toarray(), y=y',
    ),
  },
];

/**
 * What a file is if it is of another program: `expected data that Lockstep reads, got a Parquet file; convert
 * it: ...`. It is undefined if the bytes may be a table's.
 *
 * @param first the first bytes, uncompressed
 * @param file its path, for the name and the command
 */
export function foreignFile(first: Uint8Array, file: string): string | undefined {
  const bytes = first.subarray(0, lookedAt);
  const name = file.replace(/^.*[/\\]/, '');
  const start: Start = {
    bytes,
    text: String.fromCharCode(...bytes).replace(/^\xef\xbb\xbf/, ''),
    name: name.toLowerCase().replace(/\.gz$/, ''),
  };
  const kind = kinds.find(({ is }) => is(start));
  if (!kind) return undefined;
  // A command is copied into a shell, so a strange name does not get into it.
  const hint =
    typeof kind.hint === 'string' ? kind.hint : kind.hint(/^[\w.+ -]+$/.test(name) ? name : 'FILE');
  return `expected a table (CSV), arrays (.npz), IDX files or pictures, got ${kind.what}; ${hint}`;
}
