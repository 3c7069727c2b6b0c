import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Carrier } from '../../../simulators/smpp/compose.ts';
import { CARRIERS } from '../../../simulators/smpp/compose.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from './esme.ts';
import { boundEsme, submitFields } from './esme.ts';

const tshark = (file: string, ...args: string[]): string[] =>
  execFileSync('tshark', ['-r', file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');

async function answerMos(client: Esme, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    const mo = await client.next('deliver_sm');
    client.send('deliver_sm_resp', {}, mo.sequence);
  }
}

async function sendLong(smsc: Smsc, client: Esme, carrier: Carrier): Promise<void> {
  const sent = smsc.mo({ from: '254700000001', to: '5000', text: `NEWS €[] ${'word '.repeat(40)}`, carrier });
  await answerMos(client, carrier === 'payload' ? 1 : 2);
  await sent;
}

async function session(pcapFile: string): Promise<void> {
  const smsc = await startSmsc({ pcapFile });
  const client = await boundEsme(smsc.ports.smpp);
  for (const carrier of CARRIERS) await sendLong(smsc, client, carrier);
  client.send('submit_sm', { fields: submitFields('254700000001', Buffer.from('hi'), { registered_delivery: 1 }) });
  await answerMos(client, 1);
  client.send('enquire_link');
  await client.next('enquire_link_resp');
  client.send('unbind');
  await client.closed();
  await smsc.close();
}

it('writes a session that tshark reads with no malformed packet and no expert warning', async () => {
  if (spawnSync('tshark', ['--version']).status !== 0) {
    if (process.env['CI'] === 'true') throw new Error('tshark is not installed');
    process.stderr.write('tshark is not installed: the capture was not checked\n');
    return;
  }
  const file = join(mkdtempSync(join(tmpdir(), 'smsc-')), 'session.pcap');
  await session(file);
  expect(tshark(file, '-Y', '_ws.malformed or _ws.expert.severity >= warning')).toEqual([]);
  const commands = tshark(file, '-Y', 'smpp', '-T', 'fields', '-e', 'smpp.command_id').flatMap((line) =>
    line.split(','),
  );
  expect(commands.filter((id) => id === '0x00000005')).toHaveLength(8);
  expect(commands).toContain('0x80000004');
  expect(commands).toContain('0x80000006');
});
