import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { FIXED_PORTS, LAB_CONFIG, startLab } from './lab.ts';
import { homeFolder, ROOT } from './paths.ts';

/** What the lab needs of the process that runs it. */
export interface LabConsole {
  readonly print: (line: string) => void;
  /** Resolves with the first signal that asks us to stop. */
  readonly stopAsked: Promise<string>;
}

/** `orderd start` without a config: everything a newcomer needs, until Ctrl-C. Resolves with the exit code. */
export async function runLab({ print, stopAsked }: LabConsole): Promise<number> {
  const dir = labFolder(ROOT, process.env);
  print('Starting a Redis, an SMSC, an OCS, a mail server and orderd …');
  const lab = await startLab({ dir, ports: FIXED_PORTS, config: LAB_CONFIG, mail: true });
  for (const line of welcome(lab, dir)) print(line);
  const why = await Promise.race([
    stopAsked,
    lab.daemon().exited.then((code) => `orderd ended with ${code ?? 'a signal'}`),
  ]);
  print(`${why}: stopping everything …`);
  await lab.stop();
  print('stopped');
  return why.startsWith('orderd ended') ? 1 : 0;
}

/** In the project; where that is a package that somebody else installed, among this user's own files (XDG Base Directories). */
export function labFolder(root: string, env: NodeJS.ProcessEnv): string {
  if (isWritable(root)) return join(root, 'var', 'lab');
  return join(env['XDG_STATE_HOME'] ?? join(homeFolder(), '.local', 'state'), 'orderd', 'lab');
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function welcome(lab: Lab, dir: string): readonly string[] {
  return [
    '',
    `  dashboard ${lab.nocUrl()}/`,
    `  phones    ${lab.smscUrl}/ in a browser`,
    `  SMSC      SMPP 127.0.0.1:${lab.ports.smpp}`,
    `  OCS       Diameter 127.0.0.1:${lab.ports.diameter}`,
    `  mail      SMTP 127.0.0.1:${lab.ports.smtp}`,
    `  control   ${lab.smscUrl}  ${lab.ocsUrl}  http://127.0.0.1:${lab.ports.mailHttp}/mails`,
    `  Redis     ${lab.redis.url}`,
    `  logs, ledger and captures for Wireshark  ${dir}`,
    '',
    '  In another terminal, be the subscriber:',
    '    npm run text -- NEWS        ordered at once (trusted provider)',
    '    npm run text -- GOLD        asks you to reply YES:  npm run text -- YES',
    '    npm run text -- QUIZ        sends you a one-time code to reply',
    '    npm run orderctl -- orders  what became of them, and why',
    '',
    '  Ctrl-C stops all of it.',
  ];
}
