import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { avp } from '../../../simulators/diameter/values.ts';
import { parseFlags } from '../../../simulators/ocs/flags.ts';
import { startOcs } from '../../../simulators/ocs/ocs.ts';
import { tsharkMissing } from '../pcap/tshark.ts';
import { asked, ccr, cer, FROM, money, openClient, P, R, request, T, used } from './client.ts';

const MAIN = ['--import', 'tsx', 'simulators/ocs/main.ts'];
let folder: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ocs-'));
});

afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('the command', () => {
  it('tells its ports in one JSON line, keeps its records, says DPR on SIGTERM and exits 0', async () => {
    const [ledger, pcap, log] = ['l.jsonl', 'f.pcap', 'm.jsonl'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const files = ['--ledger', ledger, '--pcap', pcap, '--log', log];
    const child = spawn(process.execPath, [...MAIN, '--diameter-port', '0', '--http-port', '0', '--json', ...files]);
    running = child;
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ready = (await lines.next()).value as string;
    const { diameter, http } = JSON.parse(ready) as { diameter: number; http: number };
    expect(ready).toBe(`{"event":"ready","diameter":${diameter},"http":${http}}`);

    const client = await openClient(diameter);
    await client.ask(cer());
    await client.ask(ccr({ sessionId: 's;1' }));
    expect(readFileSync(ledger, 'utf8')).toContain('"sessionId":"s;1"'); // at once, before any close
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const dpr = await client.next();
    expect(dpr.command).toBe(282);
    client.send({ ...dpr, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
    expect(await ended).toBe(0);
    const commands = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"message"'))
      .map((line) => (JSON.parse(line) as { command: string }).command);
    expect(commands).toEqual(['CER', 'CEA', 'CCR', 'CCA', 'DPR', 'DPA']);
  });

  it.each([
    [['--bogus'], /bogus/],
    [['extra'], /extra/],
    [['--diameter-port', 'x'], /--diameter-port: x/],
    [['--http-port', '70000'], /--http-port: 70000/],
    [['--host', '0.0.0.0'], /loopback/],
    [['--currency', 'XXQ'], /XXQ/],
    [['--dedupe-memory', '3 weeks'], /--dedupe-memory/],
    [['--tariff', 'news'], /--tariff/],
    [['--default-balance', '-1'], /default-balance/],
    [['--tls-key', '/nowhere/key.pem'], /--tls-key/],
  ])('%j is refused with a reason', (args, reason) => {
    expect(parseFlags(args)).toMatchObject({ kind: 'wrong', reason: expect.stringMatching(reason) as string });
  });

  it('reads every flag', () => {
    const args =
      '--host ::1 --currency EUR --default-balance 5 --dedupe-memory 90m --watchdog 0 --validity-time 10m --tariff a=b=7 --no-dedupe';
    expect(parseFlags(args.split(' '))).toMatchObject({
      kind: 'run',
      options: {
        host: '::1',
        currency: 'EUR',
        defaultBalance: 5,
        dedupeMemoryMs: 5_400_000,
        watchdogMs: 0,
        validityTime: 600,
        tariffs: { 'a=b': 7 },
        dedupe: false,
        diameterPort: 3868,
        httpPort: 8868,
      },
    });
  });

  it('exits 2 on a wrong flag and 0 on --help', () => {
    expect(execFileSync(process.execPath, [...MAIN, '--help'], { encoding: 'utf8' })).toContain('--no-dedupe');
    expect(() => execFileSync(process.execPath, [...MAIN, '--bogus'], { stdio: 'pipe' })).toThrow(
      expect.objectContaining({ status: 2 }) as Error,
    );
  });

  it('a taken port is an error, and nothing stays open', async () => {
    const first = await startOcs({ httpPort: 'none' });
    await expect(startOcs({ diameterPort: first.ports.diameter })).rejects.toThrow('EADDRINUSE');
    await expect(startOcs({ httpPort: first.ports.diameter })).rejects.toThrow('EADDRINUSE');
    await first.close();
  });
});

describe('the capture', () => {
  it.skipIf(tsharkMissing())(
    'tshark reads every kind of message and finds nothing malformed, nothing to warn of',
    async () => {
      const pcapFile = join(folder, 'f.pcap');
      const ocs = await startOcs({ pcapFile, httpPort: 'none' });
      const client = await openClient(ocs.ports.diameter);
      await client.ask(cer());
      for (const action of [0, 1, 2, 3]) await client.ask(ccr({ sessionId: `s;${action}`, action }));
      await client.ask(ccr({ sessionId: 's;0', flags: R | P | T }));
      await client.ask(ccr({ sessionId: 's;r', type: 1, units: [asked(money(5, 0))] }));
      await client.ask(ccr({ sessionId: 's;r', type: 2, number: 1, units: [used(money(1, 0)), asked(money(2, 0))] }));
      await client.ask(ccr({ sessionId: 's;r', type: 3, number: 2, units: [used(money(2, 0))] }));
      for (const name of ['Service-Context-Id', 'Subscription-Id'])
        await client.ask(ccr({ sessionId: 's;m', without: [name] }));
      await client.ask(ccr({ sessionId: 's;e', more: [avp('Destination-Host', 'x.example')] }));
      await client.ask(
        ccr({
          sessionId: 's;p',
          units: [
            avp('Multiple-Services-Credit-Control', [
              asked(avp('CC-Service-Specific-Units', 2)),
              avp('Rating-Group', 1),
            ]),
          ],
        }),
      );
      await client.ask(request(280, 0, FROM));
      await client.ask(request(282, 0, [...FROM, avp('Disconnect-Cause', 0)]));
      await client.closed();
      await ocs.close();
      const tshark = (...args: string[]): string =>
        execFileSync('tshark', ['-r', pcapFile, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      expect(tshark('-Y', '_ws.malformed or _ws.expert.severity >= warning')).toBe('');
      const results = tshark(
        '-Y',
        'diameter.flags.request == 0',
        '-T',
        'fields',
        '-e',
        'diameter.cmd.code',
        '-e',
        'diameter.Result-Code',
      )
        .trim()
        .split('\n');
      expect(results).toEqual([
        '257\t2001',
        ...new Array<string>(8).fill('272\t2001'),
        '272\t5005',
        '272\t5005',
        '272\t3002',
        '272\t2001,2001',
        '280\t2001',
        '282\t2001',
      ]);
    },
  );
});
