import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';
import { nodeArgs, ROOT } from '../../src/launcher/paths.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function orderd(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...nodeArgs('src/main'), ...args], { cwd: ROOT }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe('the command line of orderd', () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-cli-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    [['--help'], 0, /check-config FILE/, /^$/],
    [['--version'], 0, /^\d+\.\d+\.\d+/, /^$/],
    [['check-config', LAB_CONFIG], 0, /fit to run/, /^$/],
    [['check-config'], 2, /^$/, /check-config takes one FILE/],
    [['check-config', LAB_CONFIG, '--config', LAB_CONFIG], 2, /^$/, /check-config takes one FILE, and no --config/],
    [['start', LAB_CONFIG], 2, /^$/, /a config is named by --config/],
    [['bogus'], 2, /^$/, /unknown command bogus/],
    [['--nope'], 2, /^$/, /--nope/],
    [[], 2, /^$/, /nothing to do/],
    [['--config', join(dir, 'absent.yaml')], 1, /^$/, /absent\.yaml/],
  ] as const)('%j exits with %i', async (args, code, out, err) => {
    const ran = await orderd(...args);
    expect(ran).toMatchObject({
      code,
      out: expect.stringMatching(out) as string,
      err: expect.stringMatching(err) as string,
    });
  });

  it('names a misspelled key, its line and the nearest one', async () => {
    const file = join(dir, 'wrong.yaml');
    writeFileSync(file, 'redis: embedded\nsmtp: {}\n');
    const ran = await orderd('check-config', file);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/wrong\.yaml:2.*smtp/);
  });

  it('stops cleanly on SIGTERM, and the lab leaves no process', { timeout: 120_000 }, async () => {
    const lab = await startLab({ dir: join(dir, 'lab'), ports: FREE_PORTS, config: LAB_CONFIG });
    const daemon = lab.daemon();
    process.kill(daemon.pid, 'SIGUSR1');
    expect(await daemon.stop(60_000)).toBe(0);
    // Node's own answer to it is a debugger, for every user of the machine.
    expect(readFileSync(join(dir, 'lab', 'orderd.log'), 'utf8')).not.toContain('Debugger');
    const redis = lab.redis.pid();
    await lab.stop();
    expect(() => process.kill(redis, 0)).toThrow(/ESRCH/);
    expect(() => process.kill(daemon.pid, 0)).toThrow(/ESRCH/);
  });

  it(
    'remembers a SIGHUP that comes during the start, and reads the config after it',
    { timeout: 120_000 },
    async () => {
      const redis = await startEmbeddedRedis({ dir: join(dir, 'redis'), allowApt: true });
      const between = createServer((socket) => {
        child.kill('SIGHUP');
        const on = connect(redis.socket);
        for (const end of [socket, on]) end.on('error', () => undefined);
        socket.pipe(on).pipe(socket);
      });
      await new Promise<void>((resolve) => void between.listen(0, '127.0.0.1', resolve));
      const { port } = between.address() as AddressInfo;
      const env = {
        ...process.env,
        ORDERD_REDIS__URL: `redis://127.0.0.1:${port}`,
        ORDERD_NOC__PORT: '0',
        ORDERD_LOG__PRETTY: 'never',
        ORDERD_INSTANCE__STATE_DIR: join(dir, 'state'),
        ORDERD_CDR__FOLDER: join(dir, 'cdr'),
      };
      const child = spawn(process.execPath, [...nodeArgs('src/main'), '--config', LAB_CONFIG], { cwd: ROOT, env });
      const ended = new Promise<string>((resolve) => {
        child.once('exit', (code, signal) => resolve(`ended with ${signal ?? String(code)}`));
      });
      const reloaded = new Promise<string>((resolve) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          if (line.includes('"config.reloaded"')) resolve('reloaded');
        });
      });
      expect(await Promise.race([reloaded, ended])).toBe('reloaded');
      child.kill('SIGTERM');
      expect(await ended).toBe('ended with 0');
      between.close();
      await redis.stop();
    },
  );
});
