import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { countOf } from '../../src/noc/count.ts';

test('what was counted is there when somebody looks, once and again', async () => {
  const registry = new Registry();
  const count = countOf(registry, { name: 'pdu_total', help: 'PDUs', labels: ['link', 'dir'] });
  count.add(['a', 'in']);
  count.add(['a', 'in']);
  count.add(['a', 'out']);
  const text = await registry.metrics();
  expect(text).toContain('pdu_total{link="a",dir="in"} 2');
  expect(text).toContain('pdu_total{link="a",dir="out"} 1');
  expect(await registry.metrics()).toBe(text);
});

test('values that a peer makes up are counted together after the first sixty', async () => {
  const registry = new Registry();
  const count = countOf(registry, { name: 'status_total', help: 'By status', labels: ['status'] });
  for (let status = 0; status < 100; status++) count.add([String(status)]);
  count.add(['99']);
  const text = await registry.metrics();
  expect(text.match(/status="\d+"/g)).toHaveLength(60);
  expect(text).toContain('status_total{status="other"} 41');
});
