export interface MailOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly smtpPort: number;
  /** 0 picks a free port. */
  readonly httpPort: number;
  /** Who may send; anybody when absent. */
  readonly account?: { readonly user: string; readonly password: string } | undefined;
  /** PEM texts; STARTTLS is offered with them (RFC 3207). */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Longest message taken, octets (RFC 1870). */
  readonly size: number;
}

export const DEFAULTS: MailOptions = { host: '127.0.0.1', smtpPort: 0, httpPort: 0, size: 1_048_576 };
