import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '../../lib/reason.ts';
import { mindOutput } from '../../output.ts';
import type { Lab } from '../lab.ts';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../lab.ts';
import { ACTS } from './acts.ts';
import { isDebit, ledger, setStage } from './stage.ts';

const HELP = `npm run demo [-- --dir DIR]

Starts a Redis, the SMSC and OCS simulators and orderd on free ports, plays the subscriber through
${ACTS.length} acts over real SMPP and Diameter, prints who said what to whom and the OCS ledger at the
end. Exit code 0 only if every act ended as it must.

  --dir DIR   keep logs, ledger and captures here (default: a new temporary folder, named at the end)
  --help      this text
`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { dir: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    print(HELP);
    return 0;
  }
  const dir = values.dir ?? mkdtempSync(join(tmpdir(), 'orderd-demo-'));
  const lab = await startLab({ dir, ports: FREE_PORTS, config: LAB_CONFIG });
  try {
    const failed = await playAll(lab);
    await printLedger(lab);
    print(`\nlogs, ledger and captures: ${dir}`);
    print(failed === 0 ? `all ${ACTS.length} acts ended as they must` : `${failed} of ${ACTS.length} acts failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await lab.stop();
  }
}

async function playAll(lab: Lab): Promise<number> {
  const stage = setStage(lab, print);
  let failed = 0;
  for (const [index, act] of ACTS.entries()) {
    print(`\nAct ${index + 1}. ${act.title}`);
    try {
      await act.play(stage);
    } catch (error) {
      failed++;
      print(`     FAIL ${reasonOf(error)}`);
    }
  }
  return failed;
}

async function printLedger(lab: Lab): Promise<void> {
  print('\nThe ledger of the OCS');
  for (const line of await ledger(lab)) {
    const { msisdn, action, amount, currency, result, sessionId } = line;
    print(
      `  ${msisdn}  ${action} ${amount} ${currency}  ${result}  ${isDebit(line) ? 'debited' : 'no debit'}  ${sessionId}`,
    );
  }
}

mindOutput('demo');
try {
  process.exitCode = await main();
} catch (error) {
  print(`the demo could not run: ${reasonOf(error)}`);
  process.exitCode = 2;
}
