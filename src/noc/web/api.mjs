/** The daemon's API, from its own page. */

export class ApiFault extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @template Answer @param {string} path @returns {Promise<Answer>} */
export function get(path) {
  return ask(path, {});
}

/** @template Answer @param {string} path @param {object} body @returns {Promise<Answer>} */
export function post(path, body) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** @template Answer @param {string} path @param {RequestInit} init @returns {Promise<Answer>} */
async function ask(path, init) {
  const response = await fetch(path, { ...init, credentials: 'same-origin' }).catch(() => undefined);
  if (response === undefined) throw new ApiFault(0, 'away', 'orderd does not answer');
  if (!response.ok) throw await faultOf(response, path);
  return /** @type {Promise<Answer>} */ (bodyOf(response));
}

/** @param {Response} response @param {string} path */
async function faultOf(response, path) {
  const body = /** @type {{ error?: { code: string, message: string } }} */ (await bodyOf(response));
  if (response.status === 401 && path !== '/api/v1/session') globalThis.dispatchEvent(new Event('login-over'));
  return new ApiFault(response.status, body.error?.code ?? 'fault', body.error?.message ?? `status ${response.status}`);
}

/** @param {Response} response @returns {Promise<unknown>} an empty object where it is no JSON */
function bodyOf(response) {
  return response.json().catch(() => ({}));
}
