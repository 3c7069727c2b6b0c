import { expect, it } from 'vitest';
import { parseFlags } from '../../../simulators/smsc/flags.ts';
import { HELP } from '../../../simulators/smsc/help.ts';

it('reads every flag', () => {
  const args =
    '--smpp-port 0 --http-port 0 --account a:b --account c:d --receipts before --smpp-version 5.0 --id-form dec --rate 9 --charset0 latin1';
  expect(parseFlags(args.split(' '))).toMatchObject({
    kind: 'run',
    options: {
      smppPort: 0,
      accounts: [
        { systemId: 'a', password: 'b' },
        { systemId: 'c', password: 'd' },
      ],
      receipts: 'before',
      version: 0x50,
      respIdForm: 'dec',
      receiptIdForm: 'dec',
      submitRate: 9,
      charset0: 'latin1',
    },
  });
});

it.each([
  ['--bogus', 'bogus'],
  ['--smpp-port x', '--smpp-port x'],
  ['--account nocolon', 'ID:SECRET'],
  ['--account a:muchtoolong', '8 characters'],
  ['--host 0.0.0.0', '--allow-remote'],
  ['--receipts sometimes', 'after, before, none'],
  ['--tls-port 3550', '--tls-cert'],
  ['--smpp-version 9', '3.3, 3.4, 5.0'],
  ['--charset0 ucs2', 'gsm7, latin1, ascii'],
  ['--feed /nowhere/mo.csv', '--feed /nowhere/mo.csv: cannot be read'],
  ['--feed .', '--feed .: cannot be read'],
])('says what is wrong with %s', (args, words) => {
  const flags = parseFlags(args.split(' '));
  expect(flags.kind).toBe('wrong');
  expect(flags.kind === 'wrong' && flags.reason).toContain(words);
});

it('helps, naming every flag it takes', () => {
  expect(parseFlags(['--help'])).toEqual({ kind: 'help' });
  for (const flag of [
    '--allow-remote',
    '--tls-cert',
    '--mo-id-tag',
    '--feed-rate',
    '--json',
    '--receipt-id-form',
    '--charset0',
  ]) {
    expect(HELP).toContain(flag);
  }
});
