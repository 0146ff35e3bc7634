/** A payload of KMIP as JSON of the API: names in lower case, bytes as digits, what is absent left out. */
export function answerFields(payload: unknown): Record<string, unknown> {
  const value = toJson(payload);
  return isFields(value) ? value : {};
}

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(toJson);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      one === undefined || isEmptyList(one) ? [] : [[inLowerCase(name), toJson(one)]],
    ),
  );
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** `serverURIList` becomes `server_uri_list`. */
function inLowerCase(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
