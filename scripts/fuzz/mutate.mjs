// Spoils bytes, always in the same way for the same seed.

/** Numbers from 0 up to below `most` (mulberry32). */
export function drawing(seed) {
  let state = seed >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * most);
  };
}

const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const words = [
  'null',
  '{}',
  '[]',
  '-1',
  '1e999',
  'NaN',
  '""',
  '"__proto__":1,',
  '[[[[',
  '*a',
  '<<: 5\n',
  '\u001b[2J',
]
  .concat(['\0', '\n', ',', '99999999999999999999', '0.5', '-0', '"', "'", '\u202e', '1e308', 'true'])
  .map((word) => Buffer.from(word));

/** One of the inputs with some changes; `index` decides which. */
export function mutated(inputs, index) {
  const draw = drawing(Math.imul(index + 1, 2654435761));
  let bytes = Buffer.from(inputs[draw(inputs.length)]);
  for (let changes = 1 + draw(4); changes > 0; changes--) bytes = change(bytes, inputs, draw);
  return bytes.subarray(0, 1 << 20);
}

function change(bytes, inputs, draw) {
  const at = draw(bytes.length + 1);
  const put = (piece, gone = 0) =>
    Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(Math.min(bytes.length, at + gone))]);
  switch (draw(9)) {
    case 0:
      if (at < bytes.length) bytes[at] ^= 1 << draw(8);
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = draw(256);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return put(Buffer.alloc(0), 1 + draw(16));
    case 4: {
      const size = [1, 2, 4, 8][draw(4)];
      const piece = Buffer.alloc(8);
      const from = draw(2) === 0 ? 'writeUInt32BE' : 'writeUInt32LE';
      piece[from](numbers[draw(numbers.length)], 0);
      return put(piece.subarray(0, size), size);
    }
    case 5: {
      const other = inputs[draw(inputs.length)];
      return Buffer.concat([bytes.subarray(0, at), other.subarray(draw(other.length))]);
    }
    case 6: {
      const piece = bytes.subarray(at, at + 1 + draw(32));
      return put(Buffer.concat(Array.from({ length: 1 + draw(64) }, () => piece)));
    }
    case 7:
      return put(words[draw(words.length)], draw(8));
    default: {
      // A number of a text becomes another.
      const text = bytes.toString('latin1');
      const found = [...text.matchAll(/\d+/g)];
      if (found.length === 0) return bytes;
      const one = found[draw(found.length)];
      const value = ['0', '-1', '1e15', '4294967296', '9007199254740993', '2.5', 'null'][draw(7)];
      return Buffer.from(text.slice(0, one.index) + value + text.slice(one.index + one[0].length), 'latin1');
    }
  }
}
