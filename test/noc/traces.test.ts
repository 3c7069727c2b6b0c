import { describe, expect, it } from 'vitest';
import { createTraces } from '../../src/noc/board/traces.ts';
import { NOW, ORDER_ID } from './fakes.ts';

describe('what a process did about an order', () => {
  it('is what its notes say of the order and of its texts, oldest first', () => {
    const traces = createTraces(() => NOW);
    traces.observe('order.opened', { order: ORDER_ID, keyword: 'NEWS', tries: 0, late: undefined });
    traces.observe('mo.request', { link: 'north' });
    traces.observe('mt.said', { mt: `${ORDER_ID}-ordered`, kind: 'ordered', part: true });
    traces.observe('order.opened', { order: `${ORDER_ID}9`, keyword: 'FILM' });
    expect(traces.of(ORDER_ID)).toEqual([
      { at: NOW, event: 'order.opened', fields: { keyword: 'NEWS', tries: '0' } },
      { at: NOW, event: 'mt.said', fields: { mt: `${ORDER_ID}-ordered`, kind: 'ordered', part: 'true' } },
    ]);
    expect(traces.of(ORDER_ID.slice(1))).toEqual([]);
  });

  it('is forgotten for newer ones', () => {
    const traces = createTraces(() => NOW, 1000);
    for (let number = 10; number < 99; number++) traces.observe('order.opened', { order: `00-order${number}` });
    expect(traces.of('00-order10')).toEqual([]);
    expect(traces.of('00-order98')).toHaveLength(1);
  });

  it('is a hundred steps at most', () => {
    const traces = createTraces(() => NOW);
    for (let number = 0; number < 150; number++) traces.observe('mt.waits', { order: ORDER_ID, number });
    expect(traces.of(ORDER_ID).map(({ fields }) => fields['number'])).toEqual(
      Array.from({ length: 100 }, (_, n) => `${n}`),
    );
  });
});
