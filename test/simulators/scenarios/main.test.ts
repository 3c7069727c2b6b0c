import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOcs, type Ocs } from '../../../simulators/ocs/ocs.ts';
import { startSmsc, type Smsc } from '../../../simulators/smsc/smsc.ts';
import { ccr, cer, openClient, type Client } from '../ocs/client.ts';
import { boundEsme, submitFields, type Esme } from '../smsc/esme.ts';

let folder: string;
let ocs: Ocs;
let smsc: Smsc;
let esme: Esme;
let peer: Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  ocs = await startOcs();
  smsc = await startSmsc({ smppPort: 0, httpPort: 0, receipts: 'none' });
  esme = await boundEsme(smsc.ports.smpp);
  peer = await openClient(ocs.ports.diameter);
  await peer.ask(cer());
});

afterEach(async () => {
  esme.end();
  peer.end();
  await smsc.close();
  await ocs.close();
  rmSync(folder, { recursive: true });
});

/** Plays the daemon for one order: takes the text, charges, says so. */
async function serveOnce(): Promise<void> {
  const mo = await esme.next('deliver_sm');
  esme.send('deliver_sm_resp', {}, mo.sequence);
  const msisdn = String(mo.fields['source_addr']);
  await peer.ask(ccr({ sessionId: `s;${msisdn}`, msisdn }));
  esme.send('submit_sm', { fields: submitFields(msisdn, Buffer.from('News is ordered')) });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function scenario(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulators/scenarios/main.ts', ...args]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

function file(name: string, ...steps: string[]): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    ['name: One order', 'subscribers: { A: { balance: 7000 } }', 'steps:', ...steps.map((step) => `  - ${step}`)].join(
      '\n',
    ),
  );
  return path;
}

const urls = (): string[] => [
  '--smsc',
  `http://127.0.0.1:${smsc.ports.http}`,
  '--ocs',
  `http://127.0.0.1:${ocs.ports.http}`,
];

describe('the scenario command, over real simulators', () => {
  it('plays, tells the transcript, and exits 0', async () => {
    const steps = [
      'A texts: NEWS',
      'A hears: is ordered',
      'A is debited: 5000',
      'ocs receives: { of: A, retransmit: false }',
    ];
    const [played] = await Promise.all([scenario(...urls(), file('a.yaml', ...steps)), serveOnce()]);
    expect(played).toMatchObject({ code: 0, err: '' });
    expect(played.out.replace(/[\d.]+(?= ?s\b)/g, 'N').replace(/^ +N/gm, 'N')).toBe(
      [
        '',
        'One order',
        'Ns    A texts: NEWS',
        'Ns    A hears: is ordered',
        '           -> "News is ordered"',
        'Ns    A is debited: 5000',
        '           -> debited 1 times, 5000 in all',
        'Ns    ocs receives: { of: A, retransmit: false }',
        '           -> 1 CCR',
        '  PASSED in N s',
        '',
      ].join('\n'),
    );
    expect([...ocs.accounts.list().values()].map((account) => account.balance)).toEqual([2000n]);
  });

  it('a verdict as JSON and exit code 1 when something did not come true; the stage is left tidy', async () => {
    const steps = [
      'ocs fault: { action: silence }',
      'smsc fault: { on: submit_sm, action: silence }',
      'ocs is: away',
      '{ A hears: x, within: 1ms }',
    ];
    const played = await scenario(...urls(), '--json', file('a.yaml', ...steps));
    expect(played.code).toBe(1);
    expect(JSON.parse(played.out)).toMatchObject({
      name: 'One order',
      passed: false,
      lines: [{}, {}, {}, { line: 7, failed: expect.stringContaining('heard nothing') as string }],
    });
    expect([ocs.faults.list(), smsc.faults.list(), ocs.listening()]).toEqual([[], [], true]);
  });

  it('says what could not be done', async () => {
    const played = await scenario(...urls(), file('a.yaml', 'run: "true"'));
    expect(played.out).toContain('FAILED: run steps need --allow-run');
    expect((await scenario(...urls(), '--allow-run', file('a.yaml', 'run: "true"'))).code).toBe(0);
    const wrong = await scenario(...urls(), file('a.yaml', 'ocs fault: { action: explode }'));
    expect(wrong.out).toMatch(/FAILED: POST .*faults: 400 .*action/);
  });

  it('names the file that cannot be read, a folder too', async () => {
    const { code, err } = await scenario(
      '--check',
      file('a.yaml', 'A texts: NEWS'),
      folder,
      join(folder, 'absent.yaml'),
    );
    expect([code, err.split('\n')]).toEqual([
      2,
      [
        expect.stringContaining(`${folder}: EISDIR`) as string,
        expect.stringContaining(`${join(folder, 'absent.yaml')}: ENOENT`) as string,
        '',
      ],
    ]);
  });

  it('without a lab it says how to start one', async () => {
    const { http } = ocs.ports;
    await ocs.close();
    const nobody = ['--smsc', `http://127.0.0.1:${http}`, '--ocs', `http://127.0.0.1:${http}`];
    const played = await scenario(...nobody, file('a.yaml', 'A texts: NEWS'));
    expect(played.code).toBe(1);
    expect(played.err).toContain(`connect ECONNREFUSED 127.0.0.1:${http}`);
    expect(played.err).toContain('npm run lab -- --orderd');
  });

  it('exits 2 on a wrong file or flag, 0 where files only were to be read', async () => {
    const bad = await scenario('--check', file('a.yaml', 'A texts: NEWS'), file('bad.yaml', 'A sings: la'));
    expect(bad).toMatchObject({ code: 2, err: expect.stringMatching(/bad\.yaml:4: no verb/) as string });
    expect(await scenario('--check', file('a.yaml', 'A texts: NEWS'))).toEqual({ code: 0, out: '', err: '' });
    expect((await scenario('--bogus')).code).toBe(2);
  });
});
