// GSM 7 bit default alphabet, one septet per octet as SMPP carries it: 3GPP TS 23.038 section 6.2.1.

const BASIC = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');

/** Reached through ESC (0x1B). */
const EXTENSION: readonly (readonly [number, string])[] = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
];

const ESC = 0x1b;

/** The pair of tables a text is read with: 128 characters, and those behind ESC. */
export interface Alphabet {
  readonly locking: readonly string[];
  readonly single: ReadonlyMap<number, string>;
}

export const DEFAULT_ALPHABET: Alphabet = { locking: Array.from(BASIC), single: new Map(EXTENSION) };

/** Septets of each character (one, or ESC and one); undefined when a character is in neither table. */
export function encodeSeptets(text: string, alphabet: Alphabet = DEFAULT_ALPHABET): number[][] | undefined {
  const single = new Map([...alphabet.single].map(([septet, char]) => [char, septet]));
  const septets: number[][] = [];
  for (const char of text) {
    const plain = char === '\u001b' ? -1 : alphabet.locking.indexOf(char);
    const shifted = single.get(char);
    if (plain < 0 && shifted === undefined) return undefined;
    septets.push(plain >= 0 ? [plain] : [ESC, shifted ?? 0]);
  }
  return septets;
}

function plainChar(septet: number, alphabet: Alphabet): string {
  return septet === ESC ? ' ' : (alphabet.locking[septet] ?? '');
}

/** ESC before a septet outside the extension reads as the plain character (TS 23.038 section 6.2.1.1). */
export function decodeSeptets(octets: Uint8Array, alphabet: Alphabet = DEFAULT_ALPHABET): string {
  let text = '';
  let escaped = false;
  for (const octet of octets) {
    const septet = octet & 0x7f;
    if (septet === ESC && !escaped) {
      escaped = true;
      continue;
    }
    text += (escaped ? alphabet.single.get(septet) : undefined) ?? plainChar(septet, alphabet);
    escaped = false;
  }
  return text;
}
