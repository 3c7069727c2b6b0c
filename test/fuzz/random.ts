/** Seeded randomness (mulberry32): a run is told again by its seed. */
export interface Random {
  /** 0 up to, not including, `limit`. */
  below(limit: number): number;
  pick<Value>(all: readonly Value[]): Value;
  octets(count: number): Buffer;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  return {
    below: (limit) => Math.floor((next() / 0x1_0000_0000) * limit),
    pick: (all) => {
      const one = all[Math.floor((next() / 0x1_0000_0000) * all.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
    octets: (count) => Buffer.from(Array.from({ length: count }, () => next() & 0xff)),
  };
}

/** One to four random edits: flip, set, insert, delete, repeat, cut. */
export function mutate(octets: Buffer, random: Random): Buffer {
  let mutated: Buffer = Buffer.from(octets);
  for (let edits = 1 + random.below(4); edits > 0; edits--) mutated = edit(mutated, random);
  return mutated;
}

const TELLING = [0x00, 0x01, 0x04, 0x05, 0x10, 0x1b, 0x40, 0x7f, 0x80, 0xff];

function edit(octets: Buffer, random: Random): Buffer {
  const at = random.below(octets.length + 1);
  const [before, after] = [octets.subarray(0, at), octets.subarray(at)];
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << random.below(8))]), after.subarray(1)]);
    case 1:
      return Buffer.concat([before, Buffer.from([random.pick(TELLING)]), after.subarray(1)]);
    case 2:
      return Buffer.concat([before, random.octets(1 + random.below(8)), after]);
    case 3:
      return Buffer.concat([before, after.subarray(1 + random.below(8))]);
    case 4:
      return Buffer.concat([octets, before]);
    default:
      return before;
  }
}

/** Cuts a stream at random places, one octet at a time now and then. */
export function split(stream: Buffer, random: Random): readonly Buffer[] {
  const longest = random.pick([1, 3, 17, 200, 5_000]);
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const length = 1 + random.below(longest);
    chunks.push(stream.subarray(at, at + length));
    at += length;
  }
  return chunks;
}
