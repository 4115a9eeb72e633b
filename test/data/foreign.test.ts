// Files of other programs are named, and what may be a table is left alone.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignFile } from '#lockstep/data/formats/foreign.js';
import { readTable } from '#lockstep/data/formats/table.js';
import { dataError, temporaryFolder, writeFiles } from '../support/data-files.ts';
import { zip } from '../support/zip-files.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

const kinds: [what: string, name: string, start: Buffer, hint: string][] = [
  ['a MATLAB file (.mat)', 'a.mat', bytes('MATLAB 5.0 MAT-file, Platform: GLNXA64'), "loadmat('a.mat')"],
  ['a MATLAB file of version 7.3', 'a.mat', bytes('MATLAB 7.3 MAT-file, Platform'), "h5py.File('a.mat')"],
  ['a Parquet file', 'a.parquet', bytes('PAR1\x15\x04\x15\x10'), "pandas.read_parquet('a.parquet').to_csv("],
  ['an Arrow or Feather file', 'a.feather', bytes('ARROW1\0\0\xff'), "read_feather('a.feather')"],
  ['an Excel workbook', 'a.xlsx', zip({ 'xl/workbook.xml': bytes('<w/>') }), "read_excel('a.xlsx')"],
  ['an Excel workbook', 'a.xlsx', zip({ '[Content_Types].xml': bytes('<w/>') }), 'save the sheet as CSV'],
  ['a LibreOffice spreadsheet', 'a.ods', zip({ mimetype: bytes('') }), 'save the sheet as CSV'],
  ['a PyTorch file', 'a.pt', zip({ 'archive/data.pkl': bytes('') }), "torch.load('a.pt')"],
  ['a zip archive', 'a.zip', zip({ 'train.csv': bytes('a,b') }), "unzip 'a.zip'"],
  ['an old Office file', 'a.xls', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'save the sheet as CSV'],
  ['a Python pickle', 'a.pkl', bytes('\x80\x04\x95\x1a'), "pickle.load(open('a.pkl', 'rb'))"],
  ['an HDF5 file', 'a.h5', bytes('\x89HDF\r\n\x1a\n\0'), "h5py.File('a.h5')"],
  ['a NetCDF file', 'a.nc', bytes('CDF\x01\0'), "xarray.open_dataset('a.nc')"],
  ['an SQLite database', 'a.db', bytes('SQLite format 3\0'), "sqlite3 -header -csv 'a.db'"],
  ['UTF-16 text', 'a.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'iconv -f UTF-16 -t UTF-8'],
  ['UTF-16 text', 'a.csv', Buffer.from('a,b\n1,2\n', 'utf16le'), 'iconv -f UTF-16LE'],
  ['UTF-16 text', 'a.csv', Buffer.from('a,b\n1,2\n', 'utf16le').swap16(), 'iconv -f UTF-16BE'],
  ['JSON; ', 'a.json', bytes('{\n  "a": [1, 2]\n}\n'), "pandas.read_json('a.json')"],
  ['JSON; ', 'a.json', bytes('[{"a": 1}, {"a": 2}]'), "pandas.read_json('a.json')"],
  ['JSON, an object a line', 'a.jsonl', bytes('{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n'), 'lines=True'],
  ['an ARFF file', 'a.arff', bytes('% iris\n\n@RELATION iris\n'), "loadarff('a.arff')"],
  ['a LIBSVM file', 'a.txt', bytes('1 1:0.5 3:1e-3\n-1 2:1\n'), "load('a.txt')"],
  ['a PDF document', 'a.pdf', bytes('%PDF-1.7\n'), 'get the table'],
  ['a PNG picture', 'a.png', bytes('\x89PNG\r\n\x1a\n'), 'a folder with a folder for each class'],
  ['a JPEG picture', 'a.jpg', bytes('\xff\xd8\xff\xe0'), 'a folder with a folder for each class'],
  ['a web page', 'a.csv', bytes('\n<!DOCTYPE html>\n<html>'), 'open the address in a browser'],
  ['an XML file', 'a.xml', bytes('<?xml version="1.0"?>'), 'read_xml'],
  ['a pointer of Git LFS', 'a.csv', bytes('version https://git-lfs.github.com/spec/v1\n'), 'git lfs pull'],
  ['a tar archive', 'a.tar', bytes(`${'a'.padEnd(257, '\0')}ustar\0`), "tar -xf 'a.tar'"],
  ['a file compressed by bzip2', 'a.bz2', bytes('BZh91AY&SY'), "bunzip2 'a.bz2'"],
  ['a file compressed by xz', 'a.xz', bytes('\xfd7zXZ\0'), "unxz 'a.xz'"],
  ['a file compressed by zstd', 'a.zst', bytes('\x28\xb5\x2f\xfd'), "unzstd 'a.zst'"],
];

describe('a file of another program', () => {
  test.each(kinds)('%s: %s', async (what, name, start, hint) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { [name]: start, [`${name}.gz`]: start });
    for (const file of [join(folder, name), join(folder, `${name}.gz`)]) {
      const complaint = await dataError(readTable(file));
      expect(complaint).toContain(
        `${file}: expected a table (CSV), arrays (.npz), IDX files or pictures, got ${what}`,
      );
      expect(complaint).toContain(hint.replace(name, file.endsWith('.gz') ? `${name}.gz` : name));
      expect(complaint).not.toContain('\n');
    }
  });

  test('a name that a shell would run does not get into the command', () => {
    expect(foreignFile(bytes('CDF\x01'), "a';reboot;'.nc")).toContain("xarray.open_dataset('FILE')");
  });
});

describe('what may be a table', () => {
  test.each([
    'a,b\n1,2\n',
    'PAR1,PAR2\n1,2\n',
    'ORCA\tx\n1\t2\n',
    'BM,II*,GIF\n1,2,3\n',
    'RIFF;WEBP\n1;2\n',
    '[a],{b}\n1,2\n',
    '{a}\n1\n',
    '<5,>5\n1,2\n',
    '% of all,b\n1,2\n',
    '1 12:30\n2 13:00\n',
    '',
  ])('%j', (text) => {
    expect(foreignFile(Buffer.from(text), 'a.csv')).toBeUndefined();
  });

  test('of any bytes, in bounded time', () => {
    for (const text of [' ', '\n', '{"', '%\n', ' %', '1 1:1 ', '\\"', '{"a":{"a":'])
      expect(() => foreignFile(Buffer.from(text.repeat(200_000)), 'a.csv')).not.toThrow();
  });
});
