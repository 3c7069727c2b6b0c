import { HOLE } from './gsm7.ts';

/**
 * The Indic tables of TS 23.038 Annex A. They are one arrangement: a cell holds the letter at the same offset of the
 * script's Unicode block, so a table is that arrangement, the block's start, and the offsets that the script lacks.
 */

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const letters = (text: string): string[] => Array.from(text);

/** A.3.4 to A.3.12 in code order: an offset in the block, a letter as it is, or `tail`: the script's own last letters. */
const ARRANGEMENT: readonly (number | string)[] = [
  ...range(0x01, 0x03), ...range(0x05, 0x0b), '\n', 0x0c, 0x0d, '\r', ...range(0x0e, 0x1a), '\u001b', ...range(0x1b, 0x1e),
  ' ', '!', ...range(0x1f, 0x24), ')', '(', 0x25, 0x26, ',', 0x27, '.', 0x28, ...letters('0123456789:;'),
  ...range(0x29, 0x2b), '?', ...range(0x2c, 0x39), ...range(0x3c, 0x4d),
  'tail', ...letters('abcdefghijklmnopqrstuvwxyz'), 'tail', 'tail', 'tail', 'tail', 'tail',
]; // prettier-ignore

/** A.2.4 to A.2.13: what all these single shift tables share. */
const SHARED: Readonly<Record<number, string>> = {
  ...Object.fromEntries(letters('@£$¥¿"¤%&\'\f*+').map((letter, at) => [at, letter])),
  ...Object.fromEntries(letters('-/<=>¡^¡_#*').map((letter, at) => [0x0e + at, letter])),
  0x28: '{', 0x29: '}', 0x2f: '\\', 0x3c: '[', 0x3d: '~', 0x3e: ']', 0x40: '|', 0x65: '€',
  ...Object.fromEntries(letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ').map((letter, at) => [0x41 + at, letter])),
}; // prettier-ignore

/** The cells of a single shift table that are the script's own, in code order. */
const OWN_CELLS = [0x19, 0x1a, ...range(0x1c, 0x27), ...range(0x2a, 0x2e), ...range(0x30, 0x3b), 0x3f];

interface Script {
  readonly language: number;
  readonly block: number;
  /** Offsets of ARRANGEMENT that the script does not have. */
  readonly lacks: readonly number[];
  readonly tail: readonly number[];
  /** Its own cells of the single shift table, as offsets; below 0 stands for nothing. */
  readonly single: readonly number[];
}

/** U+0964 and U+0965 (danda, double danda) from the block at `block`: all but two scripts borrow them from Devanagari. */
const dandas = (block: number): number[] => [0x0964 - block, 0x0965 - block];
const DIGITS = range(0x66, 0x6f);
const NONE = Number.NEGATIVE_INFINITY;

const SCRIPTS: readonly Script[] = [
  {
    language: 4,
    block: 0x0980,
    lacks: [0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x33, 0x34, 0x35, 0x45, 0x46, 0x49, 0x4a],
    tail: [0x4e, 0x57, 0x5c, 0x5d, 0x70, 0x71],
    single: [...DIGITS, 0x5f, ...range(0x60, 0x63), ...range(0x72, 0x7a)],
  },
  {
    language: 5,
    block: 0x0a80,
    lacks: [0x0e, 0x12, 0x29, 0x31, 0x34, 0x46, 0x4a],
    tail: [0x50, 0x60, 0x61, 0x62, 0x63, 0x71],
    single: [...dandas(0x0a80), ...DIGITS],
  },
  {
    language: 6,
    block: 0x0900,
    lacks: [],
    tail: [0x50, 0x72, 0x7b, 0x7c, 0x7e, 0x7f],
    single: [...dandas(0x0900), ...DIGITS, ...range(0x51, 0x54), ...range(0x58, 0x63), 0x70, 0x71],
  },
  {
    language: 7,
    block: 0x0c80,
    lacks: [0x01, 0x0d, 0x11, 0x29, 0x34, 0x45, 0x49],
    tail: [0x55, 0x56, 0x60, 0x61, 0x62, 0x63],
    single: [...dandas(0x0c80), ...DIGITS, 0x5e, 0x71, 0x72],
  },
  {
    language: 8,
    block: 0x0d00,
    lacks: [0x01, 0x0d, 0x11, 0x29, 0x3c, 0x45, 0x49],
    tail: [0x57, 0x60, 0x61, 0x62, 0x63, 0x79],
    single: [...dandas(0x0d00), ...DIGITS, ...range(0x70, 0x75), ...range(0x7a, 0x7f)],
  },
  {
    language: 9,
    block: 0x0b00,
    lacks: [0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x34, 0x45, 0x46, 0x49, 0x4a],
    tail: [0x56, 0x57, 0x60, 0x61, 0x62, 0x63],
    single: [...dandas(0x0b00), ...DIGITS, 0x5c, 0x5d, 0x5f, 0x70, 0x71],
  },
  {
    language: 10,
    block: 0x0a00,
    lacks: [0x0b, 0x0c, 0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x34, 0x37, 0x3d, 0x43, 0x44, 0x45, 0x46, 0x49, 0x4a],
    tail: [0x51, 0x70, 0x71, 0x72, 0x73, 0x74],
    single: [...dandas(0x0a00), ...DIGITS, 0x59, 0x5a, 0x5b, 0x5c, 0x5e, 0x75],
  },
  {
    language: 11,
    block: 0x0b80,
    lacks: [
      0x01, 0x0b, 0x0c, 0x0d, 0x11, 0x16, 0x17, 0x18, 0x1b, 0x1d, 0x20, 0x21, 0x22, 0x25, 0x26, 0x27, 0x2b, 0x2c, 0x2d,
      0x3c, 0x3d, 0x43, 0x44, 0x45, 0x49,
    ],
    tail: [0x50, 0x57, 0x70, 0x71, 0x72, 0x79],
    single: [...dandas(0x0b80), ...DIGITS, ...range(0x73, 0x78), 0x7a],
  },
  {
    language: 12,
    block: 0x0c00,
    lacks: [0x0d, 0x11, 0x29, 0x34, 0x3c, 0x45, 0x49],
    tail: [0x55, 0x56, 0x60, 0x61, 0x62, 0x63],
    single: [NONE, NONE, ...DIGITS, 0x58, 0x59, ...range(0x78, 0x7f)],
  },
];

function lockingOf({ block, lacks, tail }: Script): string {
  const own = tail.values();
  const cells = ARRANGEMENT.map((cell) => {
    if (typeof cell === 'number') return lacks.includes(cell) ? HOLE : String.fromCodePoint(block + cell);
    return cell === 'tail' ? String.fromCodePoint(block + (own.next().value ?? 0)) : cell;
  });
  return cells.join('');
}

function singleOf({ block, single }: Script): Readonly<Record<number, string>> {
  const own = single.map((offset, at) => [
    OWN_CELLS[at],
    offset === NONE ? HOLE : String.fromCodePoint(block + offset),
  ]);
  return { ...SHARED, ...(Object.fromEntries(own) as Record<number, string>) };
}

export const INDIC = SCRIPTS.map((script) => ({
  language: script.language,
  locking: lockingOf(script),
  single: singleOf(script),
}));

const points = (...codes: number[]): string => String.fromCodePoint(...codes);

/** A.3.13 and A.2.13: Urdu follows no such arrangement. */
export const URDU = {
  language: 13,
  locking: [
    points(0x0627, 0x0622, 0x0628, 0x067b, 0x0680, 0x067e, 0x06a6, 0x062a, 0x06c2, 0x067f),
    '\n',
    points(0x0679, 0x067d),
    '\r',
    points(0x067a, 0x067c, 0x062b, 0x062c, 0x0681, 0x0684, 0x0683, 0x0685, 0x0686, 0x0687, 0x062d, 0x062e, 0x062f),
    '\u001b',
    points(0x068c, 0x0688, 0x0689, 0x068a),
    ' !',
    points(0x068f, 0x068d, 0x0630, 0x0631, 0x0691, 0x0693),
    ')(',
    points(0x0699, 0x0632),
    ',',
    points(0x0696),
    '.',
    points(0x0698),
    '0123456789:;',
    points(0x069a, 0x0633, 0x0634),
    '?',
    points(
      0x0635,
      0x0636,
      0x0637,
      0x0638,
      0x0639,
      0x0641,
      0x0642,
      0x06a9,
      0x06aa,
      0x06ab,
      0x06af,
      0x06b3,
      0x06b1,
      0x0644,
    ),
    points(
      0x0645,
      0x0646,
      0x06ba,
      0x06bb,
      0x06bc,
      0x0648,
      0x06c4,
      0x06d5,
      0x06c1,
      0x06be,
      0x0621,
      0x06cc,
      0x06d0,
      0x06d2,
    ),
    points(0x064d, 0x0650, 0x064f, 0x0657, 0x0654),
    'abcdefghijklmnopqrstuvwxyz',
    points(0x0655, 0x0651, 0x0653, 0x0656, 0x0670),
  ].join(''),
  single: singleOf({
    language: 13,
    block: 0x0600,
    lacks: [],
    tail: [],
    single: [
      0x00,
      0x01,
      ...range(0xf0, 0xf9),
      0x0c,
      0x0d,
      0x0e,
      0x0f,
      0x10,
      0x11,
      0x12,
      0x13,
      0x14,
      0x1b,
      0x1f,
      0x40,
      0x52,
      0x58,
      0x6b,
      0x6c,
      0x72,
      0x73,
      0xcd,
      0xd4,
    ],
  }),
};
