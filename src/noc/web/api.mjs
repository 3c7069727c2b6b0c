/** The daemon's API, from its own page. */

export class ApiFault extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @param {string} path */
export function get(path) {
  return ask(path, {});
}

/** @param {string} path @param {object} body */
export function post(path, body) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** @param {string} path @param {RequestInit} init */
async function ask(path, init) {
  let response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' });
  } catch {
    throw new ApiFault(0, 'away', 'orderd does not answer');
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  if (response.status === 401 && path !== '/api/v1/session') globalThis.dispatchEvent(new Event('login-over'));
  throw new ApiFault(response.status, body.error?.code ?? 'fault', body.error?.message ?? `status ${response.status}`);
}
