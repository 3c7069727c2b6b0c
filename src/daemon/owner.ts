/** Who holds a lease: the instance, the host it runs on and its process. */
export interface Owner {
  /** Unique per process of one Redis: the Diameter Origin-Host. */
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
}

export function ownerText({ instance, host, pid }: Owner): string {
  return `${instance}/${host}/${pid}`;
}

/**
 * Whether the holder that `text` names is a dead process of our own instance. One on this host is asked for; of one on
 * another host nothing is known but that a name belongs to one process, and that this process is now we. What we hold
 * ourselves under the same pid can only be a predecessor's, for this is asked before we hold anything.
 */
export function isDeadSelf(text: string, self: Owner, isAlive: (pid: number) => boolean): boolean {
  const [instance, host, pid = ''] = text.split('/');
  if (instance !== self.instance) return false;
  if (host !== self.host || Number(pid) === self.pid) return true;
  return !isAlive(Number(pid));
}

/** A process that belongs to somebody else is alive too. */
export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
