import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { LabPlan } from '../../../simulators/lab/flags.ts';
import { parseFlags, words } from '../../../simulators/lab/flags.ts';
import type { SimulatedNetwork } from '../../../simulators/lab/lab.ts';
import { orderdEnv, startNetwork } from '../../../simulators/lab/lab.ts';
import { boundEsme } from '../smsc/esme.ts';

let network: SimulatedNetwork | undefined;
afterEach(async () => {
  await network?.close();
  network = undefined;
});

function planOf(...args: string[]): LabPlan {
  const flags = parseFlags(['--free-ports', ...args]);
  if (flags.kind !== 'run') throw new Error(JSON.stringify(flags));
  return flags.plan;
}

describe('the lab', () => {
  it('is an SMSC, an OCS and a mail server in one, which know each other', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'orderd-lab-'));
    network = await startNetwork(planOf('--dir', dir));
    const { smsc, ocs, mail } = network;
    const client = await boundEsme(smsc!.ports.smpp);
    expect(smsc!.binds()).toMatchObject([{ account: 'orderd' }]);
    client.end();
    expect(await (await fetch(`http://127.0.0.1:${ocs!.ports.http}/accounts`)).json()).toBeDefined();
    mail!.box.accept({
      from: 'a@b.example',
      to: ['254700000001@c.example'],
      subject: 's',
      text: 't',
      headers: {},
      raw: '',
    });
    const mails = await fetch(`http://127.0.0.1:${smsc!.ports.http}/mails?to=254700000001`);
    expect(await mails.json()).toMatchObject([{ subject: 's', text: 't' }]);
    await network.close();
    network = undefined;
    expect(readdirSync(dir).sort()).toEqual(['diameter.pcap', 'ledger.jsonl', 'smpp.pcap', 'smsc.jsonl']);
    rmSync(dir, { recursive: true });
  });

  it('hands each simulator its own flags, and leaves out what is not asked for', async () => {
    network = await startNetwork(planOf('--only', 'smsc', '--smsc', '--account shop:secret --smpp-version 3.3'));
    expect(network.ocs).toBeUndefined();
    expect(network.mail).toBeUndefined();
    expect((await fetch(`http://127.0.0.1:${network.smsc!.ports.http}/mails`)).status).toBe(404);
  });

  it('tells the daemon where its simulators are, on IPv6 and on every address too', async () => {
    const plan = planOf('--smsc', '--host ::1', '--ocs', '--host :: --allow-remote', '--mail', '--host 127.0.0.2');
    network = await startNetwork(plan);
    expect(orderdEnv(network, plan)).toMatchObject({
      ORDERD_SMPP__LINKS__0__HOST: '::1',
      ORDERD_SMPP__LINKS__0__PORT: String(network.smsc?.ports.smpp),
      ORDERD_DIAMETER__PEERS__0__HOST: '::1',
      ORDERD_DIAMETER__PEERS__0__PORT: String(network.ocs?.ports.diameter),
      ORDERD_MAIL__HOST: '127.0.0.2',
      ORDERD_MAIL__PORT: String(network.mail?.ports.smtp),
    });
  });

  it('leaves nothing behind when a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    await expect(startNetwork(planOf('--smsc', `--smpp-port ${port}`))).rejects.toThrow('EADDRINUSE');
    taken.close();
  });

  it('starts from the command line, says where everything is, and stops when asked', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'simulators/lab/main.ts', '--free-ports', '--json']);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({
      event: 'ready',
      smsc: { smpp: expect.any(Number) as number },
      ocs: { diameter: expect.any(Number) as number },
      mail: { smtp: expect.any(Number) as number },
    });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

it('feeds what --feed names to whoever binds to it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-lab-'));
  const file = join(dir, 'mo.csv');
  writeFileSync(file, '254700000001,5000,NEWS\n');
  const args = ['--free-ports', '--json', '--only', 'smsc', '--smsc', `--feed '${file}'`];
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulators/lab/main.ts', ...args]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const told = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
  const { smsc } = (await told()) as { smsc: { smpp: number } };
  const client = await boundEsme(smsc.smpp);
  const { sequence, fields } = await client.next('deliver_sm');
  client.send('deliver_sm_resp', {}, sequence);
  expect(fields['source_addr']).toBe('254700000001');
  expect(await told()).toEqual({ event: 'fed', sent: 1, outcomes: { ESME_ROK: 1 } });
  client.end();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  rmSync(dir, { recursive: true });
});

describe('its command line', () => {
  it('splits the flags of a simulator as a shell would', () => {
    expect(words(`--account shop:secret --log 'my file' "a b"`)).toEqual([
      '--account',
      'shop:secret',
      '--log',
      'my file',
      'a b',
    ]);
    expect(words('')).toEqual([]);
  });

  it.each([
    [['--only', 'smsc,ocsx'], '--only smsc,ocsx: wants names of smsc, ocs, mail with commas between'],
    [['--smsc', '--rate x'], '--smsc: --rate x: wants a whole number from 0 to 3600000'],
    [['--mail', '--smtp-port 99999'], '--mail: --smtp-port 99999: wants a whole number from 0 to 65535'],
    [
      ['--smsc', '--host 0.0.0.0'],
      '--smsc: --host 0.0.0.0: not loopback, and the control port has no login; add --allow-remote',
    ],
    [['--smsc', '--help'], 'npm run smsc -- --help tells the flags of the smsc simulator'],
    [['--orderd', '--only', 'smsc'], '--orderd wants the smsc and the ocs simulator'],
    [['--config', 'x.yaml'], '--config goes with --orderd'],
  ])('says what is wrong with %s', (args, reason) => {
    expect(parseFlags(args)).toEqual({ kind: 'wrong', reason });
  });

  it('finds the config of the lab wherever it is started', () => {
    const there = process.cwd();
    process.chdir(tmpdir());
    const { orderd } = planOf('--orderd');
    process.chdir(there);
    expect(orderd).toBe(join(there, 'config/lab.yaml'));
  });

  it('passes on what data_coding 0 means at this SMSC, and writes what it cannot carry as UCS-2', async () => {
    network = await startNetwork(planOf('--only', 'smsc', '--smsc', '--charset0 latin1'));
    const { ports } = network.smsc!;
    const client = await boundEsme(ports.smpp);
    const heard = async (text: string) => {
      const body = JSON.stringify({ from: '254700000001', to: '5000', text });
      const headers = { 'content-type': 'application/json' };
      const sent = fetch(`http://127.0.0.1:${ports.http}/mo`, { method: 'POST', headers, body });
      const { fields, sequence } = await client.next('deliver_sm');
      client.send('deliver_sm_resp', {}, sequence);
      expect((await sent).status).toBe(200);
      return [fields['data_coding'], fields['short_message']];
    };
    expect(await heard('Ñame?')).toEqual([0, Uint8Array.from(Buffer.from('Ñame?', 'latin1'))]);
    // The euro sign is one of GSM's characters and none of Latin 1's.
    expect((await heard('pay €5'))[0]).toBe(8);
    client.end();
  });

  it('passes on what the OCS simulator finds wrong, and names unknown flags', () => {
    expect(parseFlags(['--ocs', '--default-balance x'])).toMatchObject({
      kind: 'wrong',
      reason: expect.stringMatching(/^--ocs: .*default-balance/) as string,
    });
    expect(parseFlags(['--smcs', 'x'])).toMatchObject({
      kind: 'wrong',
      reason: expect.stringContaining('smcs') as string,
    });
  });

  it('helps, and exits 2 for wrong flags', async () => {
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', 'simulators/lab/main.ts', ...args]);
    expect((await run('--help')).stdout).toContain('First steps');
    await expect(run('--only', 'all')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Try --help') as string,
    });
  });
});
