/** Bad input is a value: either what was asked for, or why not. */
export type Result<Value, Fault> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function fault<Fault>(why: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: why };
}
