/**
 * GSM 7-bit alphabet (3GPP TS 23.038 6.2.1), unpacked: one septet per octet, as short messages travel over SMPP with
 * data_coding 0 where the SMSC's default alphabet is GSM 03.38. "@" is 0x00, so these octets are never C-strings.
 */

const ESCAPE = 0x1b;

/** A code that a table gives no meaning: read as a space, never written. */
export const HOLE = '\uffff';

/** 6.2.1 basic character set in code order; position 0x1B is the escape. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** 6.2.1.1 extension table, reached through the escape. */
const EXTENSION: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};

/** A locking (basic) and a single shift (extension) table; national languages bring their own (6.2.1.2). */
export interface Gsm7Tables {
  readonly basic: string;
  readonly extension: Readonly<Record<number, string>>;
}

export const GSM7: Gsm7Tables = { basic: BASIC, extension: EXTENSION };

interface Encoder {
  readonly basic: ReadonlyMap<string, number>;
  readonly extension: ReadonlyMap<string, number>;
}

const encoders = new WeakMap<Gsm7Tables, Encoder>();

function encoderOf(tables: Gsm7Tables): Encoder {
  const known = encoders.get(tables);
  if (known !== undefined) return known;
  const basic = new Map(Array.from(tables.basic, (letter, code) => [letter, code] as const));
  basic.delete('\u001b');
  basic.delete(HOLE);
  const extension = new Map(Object.entries(tables.extension).map(([code, letter]) => [letter, Number(code)] as const));
  const made = { basic, extension };
  encoders.set(tables, made);
  return made;
}

/** The septets of one character: one, or escape and one; undefined when the alphabet lacks it. */
export function septetsOf(letter: string, tables: Gsm7Tables = GSM7): readonly number[] | undefined {
  const encoder = encoderOf(tables);
  const plain = encoder.basic.get(letter);
  if (plain !== undefined) return [plain];
  const shifted = encoder.extension.get(letter);
  return shifted === undefined ? undefined : [ESCAPE, shifted];
}

/** 6.2.1.1: an unknown extension code shows the basic character; an escape alone, at the end or doubled, a space. */
export function decodeGsm7(septets: Uint8Array, tables: Gsm7Tables = GSM7): string {
  let text = '';
  for (let at = 0; at < septets.length; at++) {
    const code = (septets[at] ?? 0) & 0x7f;
    if (code !== ESCAPE) {
      text += shown(tables.basic[code]);
      continue;
    }
    at++;
    text += shifted(septets[at], tables);
  }
  return text;
}

function shifted(octet: number | undefined, tables: Gsm7Tables): string {
  if (octet === undefined) return ' ';
  const code = octet & 0x7f;
  return code === ESCAPE ? ' ' : shown(tables.extension[code] ?? tables.basic[code]);
}

function shown(letter: string | undefined): string {
  return letter === undefined || letter === HOLE ? ' ' : letter;
}
