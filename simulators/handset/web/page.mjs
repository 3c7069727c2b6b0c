// What the page's parts share: the control port, typed looks into the page, and times.

/**
 * @template Answer
 * @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<Answer>} rejects with the simulator's own words
 */
export async function call(method, path, body) {
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  /** @type {unknown} */
  const answer = await (await fetch(path, init)).json();
  const { error } = /** @type {{ error?: string }} */ (answer);
  if (error !== undefined) throw new Error(error);
  return /** @type {Answer} */ (answer);
}

/**
 * The element that index.html has there.
 * @template {Element} Kind
 * @param {ParentNode} root @param {string} selector @param {new () => Kind} kind
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} ${selector}`);
  return found;
}

/** @param {unknown} fault */
export function said(fault) {
  return fault instanceof Error ? fault.message : String(fault);
}

/** @param {string} iso */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** @param {HTMLFormElement} form @param {() => void | Promise<void>} send tells of its own faults */
export function onSubmit(form, send) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
}
