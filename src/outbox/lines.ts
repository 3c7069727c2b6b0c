import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

const NEWLINE = 0x0a;

/**
 * Appends whole lines: on disk when it resolves, nothing of them when it rejects. A line that a crash left half-written is
 * cut off before the next is written. Resolves with the file's size; a file that still has the size that its writer `left` it with
 * ends with a whole line.
 */
export async function appendLines(path: string, lines: string, left?: number): Promise<number> {
  const file = await open(path, 'a+', 0o640);
  try {
    const { size } = await file.stat();
    const whole = size === left ? size : await cutToLines(file, size);
    try {
      await file.appendFile(lines);
      await file.datasync();
    } catch (error) {
      // A full disk: what is there of it would be half a line.
      await file.truncate(whole);
      throw error;
    }
    return whole + Buffer.byteLength(lines);
  } finally {
    await file.close();
  }
}

async function cutToLines(file: FileHandle, size: number): Promise<number> {
  const whole = (await lastNewline(file, size)) + 1;
  await file.truncate(whole);
  return whole;
}

/** How many octets of the file are whole lines. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  return (await lastNewline(file, size)) + 1;
}

/** The offset of the last newline before `end`, or -1. */
async function lastNewline(file: FileHandle, end: number): Promise<number> {
  const block = Buffer.alloc(65_536);
  for (let at = end; at > 0;) {
    const start = Math.max(0, at - block.length);
    const { bytesRead } = await file.read(block, 0, at - start, start);
    const found = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (found >= 0) return start + found;
    at = start;
  }
  return -1;
}

/** The last whole line of a file, without its end; undefined when there is none. Rejects when the file cannot be read. */
export async function lastLine(path: string): Promise<{ readonly line: string; readonly size: number } | undefined> {
  const file = await open(path, 'r');
  try {
    const size = await wholeLines(file);
    if (size === 0) return undefined;
    const start = (await lastNewline(file, size - 1)) + 1;
    const octets = Buffer.alloc(size - 1 - start);
    await file.read(octets, 0, octets.length, start);
    return { line: octets.toString('utf8'), size };
  } finally {
    await file.close();
  }
}

export interface LineAt {
  /** undefined where the octets are no UTF-8. */
  readonly text: string | undefined;
  readonly offset: number;
  /** False for what a crash left at the end. */
  readonly whole: boolean;
}

/** Every line of a file, octet for octet: a byte that is no UTF-8 is told, never replaced. */
export async function* linesOf(path: string): AsyncGenerator<LineAt> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let kept: Buffer = Buffer.alloc(0);
  let offset = 0;
  const decoded = (octets: Buffer): string | undefined => {
    try {
      return decoder.decode(octets);
    } catch {
      return undefined;
    }
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    let start = 0;
    for (let end = kept.indexOf(NEWLINE); end >= 0; end = kept.indexOf(NEWLINE, start)) {
      yield { text: decoded(kept.subarray(start, end)), offset: offset + start, whole: true };
      start = end + 1;
    }
    kept = kept.subarray(start);
    offset += start;
  }
  if (kept.length > 0) yield { text: decoded(kept), offset, whole: false };
}
