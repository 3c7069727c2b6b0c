import { checkConfigCommand } from '../../config/check.ts';
import { ok } from '../../lib/result.ts';
import type { Command } from '../command.ts';

/** The same as `orderd check-config`, for whoever has only orderctl at hand. */
export const CHECK_CONFIG: Command = {
  usage: 'check-config FILE',
  does: 'reads a config file and says what it means, or every fault with its line; exit code 1 on faults',
  async run({ args: [file = ''], env }) {
    const lines: string[] = [];
    const code = await checkConfigCommand(file, env, (line) => void lines.push(line));
    return ok({ data: { fine: code === 0, lines }, text: lines.join('\n'), fine: code === 0 });
  },
};
