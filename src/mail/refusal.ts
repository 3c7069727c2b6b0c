import type { SubmitOutcome } from '../domain/message.ts';

/** RFC 5321 4.2.1: 5yz refuses for good. A refused login or greeting is a fault of the line, not of this email. */
const ABOUT_THE_EMAIL: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE']);

/** RFC 4954 6: MAIL itself hears that a login, a stronger one or TLS comes first. It is the line's fault as well. */
const ABOUT_THE_SESSION: ReadonlySet<number> = new Set([530, 534, 538]);

/** Why an email was not taken. Replies quote addresses, so only their codes are told (E19). */
export function refusalOf(error: unknown): SubmitOutcome {
  const { code, responseCode } = partsOf(error);
  const reason =
    responseCode === undefined
      ? `the mail server cannot be reached (${code})`
      : `the mail server answered ${responseCode}`;
  const forGood = responseCode !== undefined && responseCode >= 500 && isAboutTheEmail(code, responseCode);
  return { kind: forGood ? 'permanent' : 'temporary', status: responseCode ?? 0, reason };
}

function isAboutTheEmail(code: string, responseCode: number): boolean {
  return ABOUT_THE_EMAIL.has(code) && !ABOUT_THE_SESSION.has(responseCode);
}

function partsOf(error: unknown): { readonly code: string; readonly responseCode: number | undefined } {
  const { code, responseCode } = (error ?? {}) as { readonly code?: unknown; readonly responseCode?: unknown };
  return {
    code: typeof code === 'string' ? code : 'no reason given',
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
  };
}
