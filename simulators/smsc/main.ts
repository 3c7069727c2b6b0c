#!/usr/bin/env node
import { urlAt } from '../terminal/address.ts';
import { runProgram, stopSignal } from '../terminal/program.ts';
import { feedBound } from './feed.ts';
import type { Run } from './flags.ts';
import { parseFlags } from './flags.ts';
import { HELP } from './help.ts';
import type { Smsc } from './smsc.ts';
import { startSmsc } from './smsc.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function announce({ ports }: Smsc, json: boolean, host: string | undefined): void {
  if (json) {
    print(JSON.stringify({ event: 'ready', smpp: ports.smpp, http: ports.http }));
    return;
  }
  const tls = ports.tls === 0 ? '' : `, over TLS on ${ports.tls}`;
  print(`SMSC simulator: SMPP on port ${ports.smpp}${tls}; control and phone on ${urlAt(ports.http, host)}`);
}

async function run({ options, json, feed }: Run): Promise<number> {
  const stopped = stopSignal();
  const smsc = await startSmsc(options);
  announce(smsc, json, options.host);
  const fed = feed === undefined ? undefined : feedBound(smsc, feed).then(print);
  await Promise.race([stopped, Promise.resolve(fed).then(() => stopped)]);
  await smsc.close();
  return 0;
}

await runProgram<Run>({ name: 'orderd-smsc', help: HELP, read: parseFlags, run });
