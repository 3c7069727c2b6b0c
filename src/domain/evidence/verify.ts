import type { ChainEnd, Hash, Link } from './chain.ts';
import { genesis, isWhole, readLine } from './chain.ts';
import type { SignedHead } from './head.ts';

export interface ChainFault {
  readonly what: 'unreadable' | 'changed' | 'missing' | 'reordered' | 'cut' | 'head' | 'file' | 'erasure';
  /** Of the file; undefined when it is about all of it. */
  readonly line: number | undefined;
  readonly text: string;
}

/** What one file's lines say, read one by one. */
export interface ChainCheck {
  /** `line` undefined: octets that are no UTF-8. */
  add(line: string | undefined): Link | undefined;
  /** `head`: signed and its signature good; undefined when there is none. */
  end(head: SignedHead | undefined): ChainResult;
}

export interface ChainResult extends ChainEnd {
  readonly faults: readonly ChainFault[];
  /** Records that a head vouches for. */
  readonly proven: number;
}

/** Numbers from `first` to `last`. */
interface Gap {
  readonly first: number;
  readonly last: number;
}

/** Where the chain is while it is read. */
interface Walk {
  readonly file: string;
  readonly hash: Hash;
  /** The record whose hash the head will be compared with. */
  readonly remember: number | undefined;
  readonly faults: ChainFault[];
  /** Numbers that were left out so far; one line can leave out any number of them. */
  readonly gaps: Gap[];
  last: ChainEnd;
  remembered: string | undefined;
  line: number;
}

/** Checks one chain as it is read; `remember` names the record whose hash the head will be compared with. */
export function createCheck(file: string, hash: Hash, remember: number | undefined): ChainCheck {
  const last = genesis(file, hash);
  const remembered = remember === 0 ? last.hash : undefined;
  const walk: Walk = { file, hash, remember, faults: [], gaps: [], last, remembered, line: 0 };
  return {
    add: (line) => addLine(walk, line),
    end(head) {
      const missing = walk.gaps.map((gap) => ofFile('missing', missingText(gap)));
      const faults = [...walk.faults, ...missing, ...headFaults(walk.last, walk.remembered, head)];
      const proven = head === undefined || head.hash !== walk.remembered ? 0 : Math.min(head.count, walk.last.count);
      return { ...walk.last, faults, proven };
    },
  };
}

function missingText({ first, last }: Gap): string {
  return first === last ? `record ${first} is missing` : `records ${first} to ${last} are missing`;
}

function ofFile(what: ChainFault['what'], text: string): ChainFault {
  return { what, line: undefined, text };
}

function addLine(walk: Walk, text: string | undefined): Link | undefined {
  walk.line++;
  const read = text === undefined ? undefined : readLine(text);
  if (read?.ok !== true) {
    found(walk, 'unreadable', `the line ${read === undefined ? 'is no UTF-8' : read.fault}`);
    return undefined;
  }
  const link = read.value;
  if (!isWhole(link, walk.hash)) found(walk, 'changed', `record ${link.n} is not what was written`);
  place(walk, link);
  return link;
}

function found({ faults, line }: Walk, what: ChainFault['what'], text: string): void {
  faults.push({ what, line, text });
}

function place(walk: Walk, link: Link): void {
  const { last } = walk;
  if (link.n <= last.count) {
    const strayed = fills(walk, link.n);
    found(
      walk,
      'reordered',
      strayed ? `record ${link.n} stands behind record ${last.count}` : `record ${link.n} comes again`,
    );
    return;
  }
  if (link.n > last.count + 1) walk.gaps.push({ first: last.count + 1, last: link.n - 1 });
  if (link.n === last.count + 1 && link.prev !== last.hash)
    found(walk, 'changed', `record ${link.n} was not written behind the record that is before it`);
  walk.last = { count: link.n, hash: link.hash };
  if (link.n === walk.remember) walk.remembered = link.hash;
}

/** Whether that number had been left out; from now on it is not. */
function fills(walk: Walk, n: number): boolean {
  const at = walk.gaps.findIndex(({ first, last }) => first <= n && n <= last);
  const gap = walk.gaps[at];
  if (gap === undefined) return false;
  const rest = [
    { first: gap.first, last: n - 1 },
    { first: n + 1, last: gap.last },
  ];
  walk.gaps.splice(at, 1, ...rest.filter(({ first, last }) => first <= last));
  return true;
}

function headFaults(
  last: ChainEnd,
  remembered: string | undefined,
  head: SignedHead | undefined,
): readonly ChainFault[] {
  if (head === undefined) return [];
  if (head.count > last.count)
    return [
      { what: 'cut', line: undefined, text: `the head vouches for ${head.count} records, the file has ${last.count}` },
    ];
  if (head.hash === remembered) return [];
  return [ofFile('head', `record ${head.count} is not the one that the head vouches for`)];
}
