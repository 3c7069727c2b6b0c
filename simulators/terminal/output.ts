// As in src/output.ts, from which simulators import nothing: a shared fault could cancel itself out (ARCHITECTURE.md).

/** As a shell counts a program that SIGPIPE ended: Node ignores the signal. */
const NOBODY_READS = 141;

/** Standard output may be a pipe that nobody reads any more (quiet, as other tools are) or a full disk (one line, 1). */
export function mindOutput(program: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(NOBODY_READS);
    process.stderr.write(`${program}: cannot write to standard output: ${error.message}\n`);
    process.exit(1);
  });
  // There is nobody left to tell.
  process.stderr.on('error', () => process.exit(1));
}

/** Resolves when a write that failed has been told: an exit before it would end as if it were written. */
export function written(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
