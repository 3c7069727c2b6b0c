import { describe, expect, it } from 'vitest';
import { References } from '../../src/smpp/mt/references.ts';

const OCTETS = Buffer.from('Your code is 123456');

describe('concatenation references', () => {
  it('are the same for the same text, in whichever process and whatever was said between', () => {
    const references = new References();
    const first = references.of({ id: 'a', to: '254711' }, OCTETS);
    references.of({ id: 'b', to: '254711' }, OCTETS);
    expect(references.of({ id: 'a', to: '254711' }, OCTETS)).toBe(first);
    expect(new References().of({ id: 'a', to: '254711' }, OCTETS)).toBe(first);
  });

  it('are others for another text of the same id: a handset would join an old code with a new one', () => {
    const references = new References();
    const first = references.of({ id: 'a', to: '254711' }, OCTETS);
    expect(references.of({ id: 'a', to: '254711' }, Buffer.from('Your code is 654321'))).not.toBe(first);
  });

  it('remember a bounded number of destinations, the latest ones', () => {
    const of = (references: References, id: string) => references.of({ id, to: '254711' }, OCTETS);
    const alone = (id: string): number => of(new References(), id);
    const clash = Array.from({ length: 10_000 }, (_, id) => `b${id}`).find(
      (id) => alone(id) % 256 === alone('a') % 256,
    )!;
    const references = new References();
    of(references, 'a');
    const moved = of(references, clash);
    expect(moved).not.toBe(alone(clash));
    expect(of(references, clash)).toBe(moved);
    for (let count = 0; count < 20_001; count++) references.of({ id: 'c', to: String(count) }, OCTETS);
    expect(of(references, clash)).toBe(alone(clash));
  });

  it('of the last 16 texts to one handset differ in 8 bits', () => {
    const references = new References();
    const taken = Array.from({ length: 500 }, (_, id) => references.of({ id: String(id), to: '254711' }, OCTETS) % 256);
    for (let at = 16; at <= taken.length; at++) expect(new Set(taken.slice(at - 16, at)).size).toBe(16);
  });
});
