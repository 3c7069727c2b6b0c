import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { countOf } from '../../src/noc/count.ts';
import { createMetrics } from '../../src/noc/metrics.ts';
import { SOURCES } from './fakes.ts';

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

test('each of the 64 links that config may name is a series of its own: alerts look for it', async () => {
  const metrics = createMetrics(SOURCES, { version: '1' }, () => 0);
  const names = Array.from({ length: 64 }, (_, at) => `link-${at}`);
  for (const link of names) {
    metrics.observe('mo.request', 'info', { link, request: 'order' });
    metrics.observe('mt.accepted', 'info', { link, ms: 20 });
  }
  const text = await metrics.text();
  for (const link of names) {
    expect(text).toContain(`\norderd_mo_total{link="${link}",request="order"} 1\n`);
    expect(text).toContain(`\norderd_smpp_response_seconds_count{link="${link}"} 1\n`);
  }
});
