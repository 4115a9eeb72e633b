/** What lies where in a folder of pictures: a folder for each class, with or without train and test above. */
import { LockstepError } from '../../foundation/errors.ts';
import { shellWord } from '../../foundation/shell-word.ts';
import { type FolderEntry, listFolder } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';

/** The files of one part, class after class and name after name, sorted by code unit. */
export interface ListedPart {
  files: {
    /** Path within the folder, with `/` on every system. */
    path: string;
    /** Name of its class, with composed letters (Unicode NFC): systems differ in the bytes of an é. */
    name: string;
  }[];
}

export interface PictureListing {
  /** Names of the classes: by number if all are whole numbers, otherwise by code unit. */
  classes: string[];
  train: ListedPart;
  test: ListedPart | undefined;
  /** What was left out, or taken for something, a line each. */
  notes: string[];
}

/** Names of folders that hold a part, in small letters. */
const parts: Readonly<Record<string, 'train' | 'test' | 'validation'>> = {
  train: 'train',
  training: 'train',
  test: 'test',
  testing: 'test',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
};

const isPicture = (name: string) => /\.(png|jpe?g)$/i.test(name);
const isOtherPicture = (name: string) =>
  /\.(gif|bmp|webp|tiff?|heic|heif|avif|p[bgpn]m|svg|ico|jp2|jxl|tga|pcx)$/i.test(name);
const isTable = /^[^.].*\.(?:csv|tsv|npz)(?:\.gz)?$/i;
/** Hidden things, and the folders of other programs. */
const isHidden = (name: string) =>
  name.startsWith('.') || /^(__MACOSX|@eaDir|Thumbs\.db|desktop\.ini)$/i.test(name);

/** What lies in one folder, without hidden things. */
interface Contents {
  path: string;
  pictures: string[];
  folders: string[];
  /** Files that are no pictures, and hidden things. */
  others: string[];
  strange: string[];
}

/** How deep pictures are looked for, to tell a folder of pictures from others. */
const deepest = 4;

/** Whether pictures lie in a folder, or in a folder below it. */
export async function holdsPictures(root: string, path = '', depth = 0): Promise<boolean> {
  const { pictures, strange, folders } = await look(root, path);
  if (pictures.length + strange.length > 0) return true;
  if (depth === deepest) return false;
  for (const folder of folders) {
    if (await holdsPictures(root, path === '' ? folder : `${path}/${folder}`, depth + 1)) return true;
  }
  return false;
}

/** Lists a folder of pictures. Throws a LockstepError `data` if it is laid out in another way. */
export async function listPictures(root: string): Promise<PictureListing> {
  const top = await look(root, '');
  const inside = await Promise.all(top.folders.map((folder) => look(root, folder)));
  // A folder named train whose pictures lie in it directly is a class of that name.
  const above = inside.filter(
    ({ path, pictures, folders }) => partOf(path) && pictures.length === 0 && folders.length > 0,
  );
  const training = above.filter(({ path }) => partOf(path) === 'train');
  const left = new Left();
  left.add(top);
  if (training.length === 0) {
    const only = above[0]?.path;
    if (only) throw bad(root, `a folder train beside ${only}`, 'none', `rename ${only}, or name it alone`);
    const train = await listClasses(root, inside, left);
    return listing(root, train, undefined, left);
  }
  if (training.length > 1) {
    const names = training.map(({ path }) => path).join(' and ');
    throw bad(root, 'one folder of training pictures', names);
  }
  const of = (part: string) => inside.filter(({ path }) => partOf(path) === part);
  const [tests, validations] = [of('test'), of('validation')];
  const train = await listClasses(root, await classesIn(root, training[0]!, left), left);
  let test: ListedPart | undefined;
  for (const part of [...tests, ...validations]) {
    if (part.folders.length === 0) {
      if (part.pictures.length > 0) {
        left.note(`${part.path}/ has ${counted(part.pictures.length)} without classes: left out`);
      }
    } else if (test) {
      left.note(`${part.path}/ is left out: validation pictures are taken from ${training[0]!.path}/`);
    } else {
      test = await listClasses(root, await classesIn(root, part, left), left);
      if (partOf(part.path) === 'validation') left.note(`${part.path}/ is taken as the test set`);
    }
  }
  const known = [...training, ...tests, ...validations];
  for (const { path, folders, pictures } of inside.filter((found) => !known.includes(found))) {
    if (folders.length + pictures.length > 0) left.note(`${path}/ is left out: it is neither train nor test`);
  }
  return listing(root, train, test, left);
}

const partOf = (path: string) => parts[path.toLowerCase()];

/** The folders of the classes of a part. */
async function classesIn(root: string, part: Contents, left: Left): Promise<Contents[]> {
  left.add(part);
  return Promise.all(part.folders.map((name) => look(root, `${part.path}/${name}`)));
}

async function listClasses(root: string, folders: readonly Contents[], left: Left): Promise<ListedPart> {
  const files: ListedPart['files'] = [];
  for (const folder of folders) {
    const name = folder.path.slice(folder.path.lastIndexOf('/') + 1).normalize('NFC');
    for (const below of folder.folders) await checkDeeper(root, `${folder.path}/${below}`, folders.length);
    const strange = folder.strange[0];
    if (strange !== undefined) {
      const more =
        folder.strange.length > 1 ? `, and ${folder.strange.length - 1} more in ${folder.path}` : '';
      const got = `another format${more}`;
      throw bad(join(root, folder.path, strange), 'a PNG or JPEG image', got, 'convert it to PNG');
    }
    left.add({ ...folder, pictures: [] });
    if (folder.pictures.length === 0) left.note(`${folder.path}/ has no pictures: no class`);
    for (const picture of folder.pictures) files.push({ path: `${folder.path}/${picture}`, name });
  }
  return { files };
}

/** Pictures below a class are refused: a folder there may be anything. */
async function checkDeeper(root: string, path: string, classes: number): Promise<void> {
  const { pictures, folders } = await look(root, path);
  if (pictures.length > 0) {
    const outer = join(root, path.split('/')[0]!);
    const hint = classes === 1 ? `if its folders are the classes, name ${outer}` : 'move them up';
    const expected = 'pictures in a folder for each class';
    throw bad(join(root, path), expected, `${counted(pictures.length)} one folder deeper`, hint);
  }
  for (const name of folders) await checkDeeper(root, `${path}/${name}`, classes);
}

function listing(root: string, train: ListedPart, test: ListedPart | undefined, left: Left): PictureListing {
  const found = new Set([...train.files, ...(test?.files ?? [])].map(({ name }) => name));
  if (train.files.length === 0) {
    const got = left.pictures > 0 ? `${counted(left.pictures)}, and no folders with pictures` : 'no pictures';
    const table = left.table();
    const hint = table && `if the table ${table} is meant: --data ${shellWord(join(root, table))}`;
    throw bad(root, 'a folder for each class, with its PNG or JPEG pictures', got, hint);
  }
  if (found.size === 1) {
    const [only] = found;
    throw bad(
      root,
      'folders of two classes or more',
      `only ${only}`,
      'put each class into a folder of its own',
    );
  }
  const classes = [...found].sort((a, b) => (a < b ? -1 : 1));
  if (classes.every((name) => /^\d{1,15}$/.test(name))) classes.sort((a, b) => Number(a) - Number(b));
  return { classes, train, test, notes: left.told() };
}

const counted = (count: number) => `${count} ${count === 1 ? 'picture' : 'pictures'}`;

/** What is left out of a listing. */
class Left {
  readonly #names: string[] = [];
  readonly #notes: string[] = [];
  pictures = 0;

  add({ path, others, pictures }: Contents): void {
    this.#names.push(...others);
    this.pictures += pictures.length;
    const where = path === '' ? 'beside the folders' : `in ${path}/`;
    if (pictures.length > 0) {
      this.note(`left out ${counted(pictures.length)} without a class, ${where}`);
    }
  }

  note(line: string): void {
    this.#notes.push(line);
  }

  /** The name of a table beside the folders: that of the training, if there is one. */
  table(): string | undefined {
    const tables = this.#names.filter((name) => isTable.test(name));
    return tables.find((name) => name.includes('train')) ?? tables[0];
  }

  told(): string[] {
    const names = [...new Set(this.#names)];
    if (names.length === 0) return this.#notes;
    const some = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
    const count = this.#names.length;
    return [
      ...this.#notes,
      `left out ${count} ${count === 1 ? 'thing that is' : 'things that are'} no picture: ${some}`,
    ];
  }
}

async function look(root: string, path: string): Promise<Contents> {
  let entries: FolderEntry[];
  try {
    entries = await listFolder(join(root, path));
  } catch (error) {
    throw bad(join(root, path), 'a readable folder', `${(error as NodeJS.ErrnoException).code}`);
  }
  const named = (kind: FolderEntry['kind'], which: (name: string) => boolean) =>
    entries.filter((entry) => entry.kind === kind && which(entry.name)).map(({ name }) => name);
  return {
    path,
    pictures: named('file', (name) => !isHidden(name) && isPicture(name)),
    folders: named('folder', (name) => !isHidden(name)),
    strange: named('file', (name) => !isHidden(name) && isOtherPicture(name)),
    others: entries
      .filter(
        ({ name, kind }) =>
          isHidden(name) || (kind !== 'folder' && !isPicture(name) && !isOtherPicture(name)),
      )
      .map(({ name }) => name),
  };
}

function bad(where: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('data', { where, expected, got, ...(hint ? { hint } : {}) });
}
