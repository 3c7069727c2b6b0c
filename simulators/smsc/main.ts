#!/usr/bin/env node
import { mindOutput } from '../terminal/output.ts';
import { feed } from './feed.ts';
import type { Run } from './flags.ts';
import { parseFlags } from './flags.ts';
import type { Smsc } from './smsc.ts';
import { startSmsc } from './smsc.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function announce({ ports }: Smsc, json: boolean): void {
  if (json) {
    print(JSON.stringify({ event: 'ready', smpp: ports.smpp, http: ports.http }));
    return;
  }
  const tls = ports.tls === 0 ? '' : `, over TLS on ${ports.tls}`;
  print(`SMSC simulator: SMPP on port ${ports.smpp}${tls}; control and phone on http://127.0.0.1:${ports.http}`);
}

/** Starts when the first receiving bind is there. */
async function feedFile(smsc: Smsc, { file, rate }: NonNullable<Run['feed']>): Promise<void> {
  await smsc.receiving();
  print(JSON.stringify({ event: 'fed', ...(await feed(smsc.mo, file, rate)) }));
}

async function run({ options, json, feed: fed }: Run): Promise<void> {
  const smsc = await startSmsc(options);
  const stop = (): void => {
    void smsc.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  announce(smsc, json);
  if (fed !== undefined) await feedFile(smsc, fed);
}

mindOutput('SMSC simulator');
const flags = parseFlags(process.argv.slice(2));
switch (flags.kind) {
  case 'help':
    process.stdout.write(flags.text);
    break;
  case 'wrong':
    process.stderr.write(`${flags.reason}\nTry --help.\n`);
    process.exitCode = 2;
    break;
  case 'run':
    run(flags).catch((error: unknown) => {
      process.stderr.write(`SMSC simulator: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    });
}
