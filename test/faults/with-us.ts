const ours = new Set<number>();

/** A process that must not outlive the harness: Ctrl-C and SIGTERM end it too. */
export function endsWithUs(pid: number | undefined, exited: Promise<unknown>): void {
  if (pid === undefined) return;
  ours.add(pid);
  void exited.finally(() => ours.delete(pid));
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    for (const pid of ours) process.kill(pid, 'SIGKILL');
    process.exit(code);
  });
