import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BIND, esme } from './esme.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...flags: string[]): { child: ChildProcess; output: () => string; line: () => Promise<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulators/smsc/main.ts', ...flags]);
  children.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    output: () => text,
    async line() {
      while (!text.includes('\n')) await once(child.stdout, 'data');
      return text.slice(0, text.indexOf('\n'));
    },
  };
}

const FREE = ['--smpp-port', '0', '--http-port', '0'];

it('says in one line that it is ready, and on SIGTERM unbinds, flushes its files and exits 0', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smsc-'));
  const [log, pcap] = [join(folder, 'log.jsonl'), join(folder, 'session.pcap')];
  const smsc = run(...FREE, '--json', '--log', log, '--pcap', pcap);
  const line = await smsc.line();
  const ready = JSON.parse(line) as { smpp: number; http: number };
  expect(line).toBe(`{"event":"ready","smpp":${ready.smpp},"http":${ready.http}}`);

  const client = await esme(ready.smpp);
  client.send('bind_transceiver', { fields: BIND });
  await client.next('bind_transceiver_resp');
  smsc.child.kill('SIGTERM');
  const unbind = await client.next('unbind');
  client.send('unbind_resp', {}, unbind.sequence);
  await client.closed();
  expect(await once(smsc.child, 'exit')).toEqual([0, null]);
  expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(4);
  expect(readFileSync(pcap).length).toBeGreaterThan(24);
});

it.each([
  [['--bogus'], 2, '--bogus'],
  [['--host', '0.0.0.0'], 2, '--allow-remote'],
  [[...FREE, '--log', '/nowhere/log.jsonl'], 1, '/nowhere/log.jsonl'],
  [['--help'], 0, '--smpp-port'],
])('with %j ends with %i and says %s', async (flags, code, words) => {
  const smsc = run(...flags);
  const [ended] = (await once(smsc.child, 'close')) as [number];
  expect(ended).toBe(code);
  expect(smsc.output()).toContain(words);
});
