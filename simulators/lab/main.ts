#!/usr/bin/env node
// `orderd-lab`: the simulators, and the daemon on them when asked.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { feedBound } from '../smsc/feed.ts';
import { urlAt } from '../terminal/address.ts';
import { written } from '../terminal/output.ts';
import { runProgram, stopSignal } from '../terminal/program.ts';
import type { LabPlan, Run } from './flags.ts';
import { HELP, parseFlags } from './flags.ts';
import type { SimulatedNetwork } from './lab.ts';
import { orderdEnv, startNetwork } from './lab.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Where each part is, for a person. */
function places({ smsc, ocs, mail }: SimulatedNetwork, plan: LabPlan): readonly string[] {
  return [
    smsc && `SMSC   SMPP on port ${smsc.ports.smpp}; phones and control on ${urlAt(smsc.ports.http, plan.smsc?.host)}/`,
    ocs &&
      `OCS    Diameter on port ${ocs.ports.diameter}; control on ${urlAt(ocs.ports.http, plan.ocs?.host)}/accounts`,
    mail && `mail   SMTP on port ${mail.ports.smtp}; control on ${urlAt(mail.ports.http, plan.mail?.host)}/mails`,
  ].filter((line) => line !== undefined);
}

function announce(network: SimulatedNetwork, plan: LabPlan): void {
  const { json, dir } = plan;
  if (json) {
    const { smsc, ocs, mail } = network;
    print(JSON.stringify({ event: 'ready', smsc: smsc?.ports, ocs: ocs?.ports, mail: mail?.ports }));
    return;
  }
  for (const line of places(network, plan)) print(line);
  if (dir !== undefined) print(`captures, log and ledger  ${dir}`);
  print('Ctrl-C stops all of it.');
}

/** The daemon as a program of its own: this one shares no code with it. Its config is told where the simulators are. */
function startOrderd(env: Readonly<Record<string, string>>, config: string): ChildProcess {
  const here = fileURLToPath(import.meta.url);
  const built = here.endsWith('.js');
  const main = fileURLToPath(new URL(`../../src/main.${built ? 'js' : 'ts'}`, import.meta.url));
  return spawn(process.execPath, [...(built ? [] : ['--import', 'tsx']), main, '--config', config], {
    stdio: 'inherit',
    // Ctrl-C reaches only us: the daemon takes its leave of the simulators before they end.
    detached: true,
    env: { ...process.env, ...env },
  });
}

async function feedTo({ smsc }: SimulatedNetwork, { feed }: LabPlan): Promise<void> {
  if (smsc !== undefined && feed !== undefined) print(await feedBound(smsc, feed));
}

/** The exit code: 0 stopped when asked, 1 the daemon ended. */
async function run({ plan }: Run): Promise<number> {
  // Heard before anybody is told that we are there.
  const stopped = stopSignal(['SIGHUP']);
  const network = await startNetwork(plan);
  announce(network, plan);
  // A daemon would outlive us.
  await written();
  const orderd = plan.orderd === undefined ? undefined : startOrderd(orderdEnv(network, plan), plan.orderd);
  const ends = [stopped, ...(orderd === undefined ? [] : [once(orderd, 'exit')])];
  const why = await Promise.race([...ends, feedTo(network, plan).then(() => stopped)]);
  if (orderd !== undefined && orderd.exitCode === null && orderd.signalCode === null) {
    orderd.kill('SIGTERM');
    await once(orderd, 'exit');
  }
  await network.close();
  return why === 'asked' ? 0 : 1;
}

await runProgram<Run>({ name: 'orderd-lab', help: HELP, read: parseFlags, run });
