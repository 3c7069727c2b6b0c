import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, JsonObject } from '../../../src/domain/evidence/chain.ts';
import { genesis, isWhole, lineAfter, readLine } from '../../../src/domain/evidence/chain.ts';
import { sha256 } from '../../../src/outbox/evidence/signing.ts';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const object = fc.dictionary(text, fc.jsonValue()) as fc.Arbitrary<JsonObject>;
const evidence: fc.Arbitrary<Evidence> = fc.record({
  entry: text,
  time: text,
  kind: fc.constantFrom('order', 'mt', 'mo', 'erasure'),
  order: fc.option(text, { nil: undefined }),
  facts: object,
  personal: fc.option(object, { nil: undefined }),
});
const salt = 'f0'.repeat(16);

describe('the line of a record', () => {
  it('is read again as it was written, whole, whatever is in it, and follows the one before', () => {
    fc.assert(
      fc.property(fc.array(evidence, { minLength: 1, maxLength: 5 }), (records) => {
        let end = genesis('2026-11-29.jsonl', sha256);
        for (const [at, record] of records.entries()) {
          const next = lineAfter(end, record, salt, sha256);
          const read = readLine(next.line);
          if (!read.ok) throw new Error(`${read.fault}: ${next.line}`);
          expect(isWhole(read.value, sha256)).toBe(true);
          expect(read.value).toMatchObject({ n: at + 1, prev: end.hash, hash: next.end.hash, entry: record.entry });
          expect(next.end).toEqual({ count: at + 1, hash: read.value.hash });
          expect(JSON.stringify([read.value.facts, read.value.personal ?? null])).toBe(
            JSON.stringify([record.facts, record.personal ?? null]),
          );
          end = next.end;
        }
      }),
    );
  });

  it('leaves out what is not there, and what is undefined', () => {
    const record: Evidence = {
      entry: '1:2-3',
      time: '2026-11-29T08:00:00.000Z',
      kind: 'mo',
      order: undefined,
      facts: { a: 1, b: undefined } as unknown as JsonObject,
      personal: undefined,
    };
    const { line, end } = lineAfter({ count: 6, hash: 'aa' }, record, salt, sha256);
    expect(line).toBe(
      `{"n":7,"entry":"1:2-3","time":"2026-11-29T08:00:00.000Z","kind":"mo","facts":{"a":1},"digest":"","prev":"aa","hash":"${end.hash}"}`,
    );
  });
});
