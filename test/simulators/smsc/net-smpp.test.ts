import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';

const SCRIPT = fileURLToPath(new URL('net-smpp.pl', import.meta.url));

it('plays against Net::SMPP, which shares no line with us', async () => {
  if (spawnSync('perl', ['-MNet::SMPP', '-e', '1']).status !== 0) {
    process.stderr.write(
      'libnet-smpp-perl is not installed: the SMSC was not played against a second implementation\n',
    );
    return;
  }
  const smsc = await startSmsc();
  const played = promisify(execFile)('perl', [SCRIPT, String(smsc.ports.smpp)]);
  await smsc.receiving();
  await smsc.messages.read({ to: '254700000001', waitMs: 30_000 });
  const sent = smsc.mo({ from: '254700000001', to: '5000', text: 'NEWS' });
  expect(await sent).toMatchObject({ status: 0 });
  const { stdout } = await played;
  expect(stdout.trim().split('\n')).toEqual([
    'bind 0 SMSC',
    'enquire_link 0',
    'submit_sm 0',
    'receipt 4 same id same TLV',
    'mo 254700000001 5000 NEWS',
    'refused 11',
    'unbind 0',
  ]);
  await smsc.close();
});
