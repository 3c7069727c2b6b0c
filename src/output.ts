/** As a shell counts a program that SIGPIPE ended: Node ignores the signal. */
const NOBODY_READS = 141;

/** What follows when nothing can be written any more. */
let end = (code: number): void => process.exit(code);

/** Resolves when nobody reads us any more: for whoever must put something away first. Without it the process ends there. */
export function nobodyReads(): Promise<string> {
  return new Promise((resolve) => {
    end = () => resolve('nobody reads this any more');
  });
}

/** Standard output may be a pipe that nobody reads any more (quiet, as other tools are) or a full disk (one line, 1). */
export function mindOutput(program: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const gone = error.code === 'EPIPE';
    if (!gone) process.stderr.write(`${program}: cannot write to standard output: ${error.message}\n`);
    end(gone ? NOBODY_READS : 1);
  });
  // There is nobody left to tell.
  process.stderr.on('error', () => end(1));
}

/** Resolves when a write that failed has been told: an exit before it would end as if it were written. */
export function written(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
