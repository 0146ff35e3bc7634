/** `POST /keys/{key}?action=wrap`: the old form of `/keys/{key}/actions/wrap`, which clients still use. */

const OLD_FORM = /^(?<path>\/{1,2}api\/v2\/keys\/[^/?#]+)\?(?<query>[^#]*)$/;
const ACTION = /^[A-Za-z]{1,32}$/;

/**
 * The path that an action has today; any other path stays as it is.
 *
 * @param url - Path and query of a POST request.
 */
export function currentPath(url: string): string {
  const { path, query } = OLD_FORM.exec(url)?.groups ?? {};
  if (path === undefined) return url;
  const parameters = new URLSearchParams(query);
  const action = parameters.get('action');
  if (action === null || !ACTION.test(action)) return url;
  parameters.delete('action');
  return `${path}/actions/${action}${parameters.size === 0 ? '' : `?${parameters}`}`;
}
