import type { Result } from '../lib/result.ts';
import { ok } from '../lib/result.ts';
import type { Api, ApiFault } from './api.ts';
import { get } from './api.ts';
import type { Options, OptionSpec } from './options.ts';
import type { Progress } from './progress.ts';

/** What a command found: `data` for programs, `text` for people. `fine` is false when somebody should look. */
export interface Shown {
  readonly data: unknown;
  readonly text: string;
  readonly fine: boolean;
}

export interface Asked {
  readonly api: Api;
  /** The values that stand where the usage has words in capitals. */
  readonly args: readonly string[];
  readonly options: Options;
  /** A bar for work of more than a second; silent where nobody looks. */
  readonly progress: Progress;
  /** Asks for what must not be on the command line. */
  readonly secret: (question: string) => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** As typed; words in capitals stand for a value. */
  readonly usage: string;
  readonly does: string;
  readonly options?: Readonly<Record<string, OptionSpec>>;
  /** More for `--help` of this command: exit codes, formats, an example. */
  readonly more?: string;
  readonly run: (asked: Asked) => Promise<Result<Shown, ApiFault>>;
}

/** One GET, shown. */
export function view<View>(
  path: (asked: Asked) => string,
  text: (found: View) => string,
  fine: (found: View) => boolean = () => true,
): Command['run'] {
  return async (asked) => {
    const found = await get<View>(asked.api, path(asked));
    return found.ok ? ok({ data: found.value, text: text(found.value), fine: fine(found.value) }) : found;
  };
}
