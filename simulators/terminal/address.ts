const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** How this machine reaches what listens on that address. */
export function reachedAt(host = '127.0.0.1'): string {
  return ANY[host] ?? host;
}

/** Of an HTTP port; IPv6 stands in brackets (RFC 3986 3.2.2). */
export function urlAt(port: number, host?: string): string {
  const reached = reachedAt(host);
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
