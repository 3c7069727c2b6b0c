const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** How this machine reaches an HTTP port on the address that it listens on; IPv6 stands in brackets (RFC 3986 3.2.2). */
export function urlAt(port: number, host = '127.0.0.1'): string {
  const reached = ANY[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
