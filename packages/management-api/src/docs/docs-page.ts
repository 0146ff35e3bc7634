/** The OpenAPI document as one page of HTML without scripts, images or downloads. */

/** Of the document only what is shown; whatever else it has is left out. */
interface Operation {
  readonly summary?: unknown;
  readonly tags?: unknown;
  readonly parameters?: unknown;
  readonly requestBody?: unknown;
  readonly responses?: unknown;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de}code,pre{font:14px/1.4 ui-monospace,monospace}
summary{cursor:pointer;padding:.4rem 0}summary b{display:inline-block;width:5rem}
pre{background:#f6f8fa;padding:1rem;overflow:auto}table{border-collapse:collapse}
td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}`;

/** @param document - An OpenAPI 3.1 document. */
export function docsPage(document: object): string {
  const { info, paths, components } = asRecord(document);
  const title = text(asRecord(info)['title']);
  const operations = Object.entries(asRecord(paths)).flatMap(([path, methods]) =>
    Object.entries(asRecord(methods)).map(([method, operation]) => ({
      path,
      method,
      operation: asRecord(operation) satisfies Operation,
    })),
  );
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))];
  const sections = tags.map((tag) => {
    const rows = operations.filter(({ operation }) => tagOf(operation) === tag);
    return `<h2>${escapeHtml(tag)}</h2>${rows.map(operationHtml).join('')}`;
  });
  const schemas = Object.entries(asRecord(asRecord(components)['schemas'])).map(
    ([name, schema]) =>
      `<details id="${escapeHtml(name)}"><summary>${escapeHtml(name)}</summary>${json(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text(asRecord(info)['description']))}</p><p>The whole document: <a href="/openapi.json"><code>/openapi.json</code></a></p>${sections.join('')}<h2>Schemas</h2>${schemas.join('')}</body></html>\n`;
}

function operationHtml(row: {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}): string {
  const { path, method, operation } = row;
  const responses = Object.entries(asRecord(operation.responses)).map(
    ([status, response]) =>
      `<tr><th>${escapeHtml(status)}</th><td>${escapeHtml(text(asRecord(response)['description']))}</td></tr>`,
  );
  const details = [
    `<table>${responses.join('')}</table>`,
    operation.parameters === undefined ? '' : `<h4>Parameters</h4>${json(operation.parameters)}`,
    operation.requestBody === undefined ? '' : `<h4>Body</h4>${json(operation.requestBody)}`,
  ];
  return `<details><summary><b>${escapeHtml(method.toUpperCase())}</b><code>${escapeHtml(path)}</code> ${escapeHtml(text(operation.summary))}</summary>${details.join('')}</details>`;
}

function tagOf({ tags }: Operation): string {
  return Array.isArray(tags) ? text(tags[0]) : '';
}

function json(value: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(value, undefined, 2))}</pre>`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
