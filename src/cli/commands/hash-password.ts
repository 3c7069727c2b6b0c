import { fault, ok } from '../../lib/result.ts';
import { hashPassword } from '../../noc/auth/password.ts';
import type { Command } from '../command.ts';

/** Shorter ones fall to a list of common passwords. */
const SHORTEST = 12;

export const HASH_PASSWORD: Command = {
  usage: 'hash-password',
  does: 'reads a password from standard input and writes the line for noc.users[].password',
  more: `The password is read from standard input, so that no process list and no shell history holds it:
  orderctl hash-password            asks for it, without showing it
  orderctl hash-password <file      reads the first line of a file`,
  async run({ secret }) {
    const password = await secret('Password: ');
    if (password.length < SHORTEST)
      return fault({ kind: 'misuse', text: `a password has at least ${SHORTEST} characters` });
    const line = await hashPassword(password);
    return ok({ data: { password: line }, text: line, fine: true });
  },
};
