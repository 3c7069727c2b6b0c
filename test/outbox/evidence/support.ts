import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import type { Evidence } from '../../../src/domain/evidence/chain.ts';
import type { HeadSigner } from '../../../src/outbox/evidence/signing.ts';
import { createSigner } from '../../../src/outbox/evidence/signing.ts';
import type { FileReport } from '../../../src/outbox/evidence/verify.ts';
import { verifyFolder } from '../../../src/outbox/evidence/verify.ts';
import type { EvidenceWriter } from '../../../src/outbox/evidence/writer.ts';
import { createEvidenceWriter } from '../../../src/outbox/evidence/writer.ts';

export const SIGNER = createSigner(new Uint8Array(32).fill(7));
export const NOON = Date.UTC(2026, 4, 17, 12);
export const FILE = 'evidence-2026-05-17-host_1-1.jsonl';

/** A chain folder and a head folder, and the writer of one process over them. */
export interface Desk {
  readonly folder: string;
  readonly heads: string;
  readonly noted: string[];
  now: number;
  writer(instance?: string, signer?: HeadSigner): EvidenceWriter;
  path(file?: string): string;
  headPath(file?: string): string;
  lines(file?: string): Promise<string[]>;
  put(lines: readonly string[], file?: string): Promise<void>;
  verify(withHeads?: boolean): Promise<readonly FileReport[]>;
  /** "file what: text" of every fault. */
  faults(withHeads?: boolean): Promise<readonly string[]>;
}

export function useDesk(): Desk {
  let dir = '';
  const desk: Desk = {
    get folder() {
      return join(dir, 'chains');
    },
    get heads() {
      return join(dir, 'heads');
    },
    noted: [],
    now: NOON,
    writer: (instance = 'host/1', signer = SIGNER) =>
      createEvidenceWriter({
        folder: desk.folder,
        heads: desk.heads,
        instance,
        signer,
        now: () => desk.now,
        note: (event, fields) => void desk.noted.push(`${event} ${String(fields?.['file'])}`),
      }),
    path: (file = FILE) => join(desk.folder, file),
    headPath: (file = FILE) => join(desk.heads, `${file}.head.json`),
    lines: async (file) => (await readFile(desk.path(file), 'utf8')).split('\n').slice(0, -1),
    put: (lines, file) => writeFile(desk.path(file), lines.map((line) => `${line}\n`).join('')),
    verify: (withHeads = true) =>
      verifyFolder(desk.folder, withHeads ? { folder: desk.heads, check: SIGNER.check } : undefined),
    faults: async (withHeads) =>
      (await desk.verify(withHeads)).flatMap(({ faults }) => faults.map(({ what, text }) => `${what}: ${text}`)),
  };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'orderd-evidence-'));
    desk.now = NOON;
    desk.noted.length = 0;
    return () => rm(dir, { recursive: true, force: true });
  });
  return desk;
}

/** The n-th record of a made-up order. */
export function record(n: number, over: Partial<Evidence> = {}): Evidence {
  return {
    entry: `1:${NOON}-${n}`,
    time: new Date(NOON + n).toISOString(),
    kind: 'order',
    order: `01-order${n % 3}`,
    facts: { state: 'placed', price: 500, nested: { list: [1, 'two', null] } },
    personal: { msisdn: '254700000123', heard: { text: `NEWS é ${n}` } },
    ...over,
  };
}

export function records(count: number, first = 1): readonly Evidence[] {
  return Array.from({ length: count }, (_, index) => record(first + index));
}
