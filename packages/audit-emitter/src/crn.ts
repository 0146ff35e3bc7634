/** Cloud Resource Names: `crn:v1:cname:ctype:service:location:scope:instance:type:resource`. */

/** The ten parts less the two that never change. Empty parts stay empty. */
export interface Crn {
  /** Cloud, e.g. `bluemix`. */
  readonly cname: string;
  /** `public`, `dedicated` or `local`. */
  readonly ctype: string;
  readonly service: string;
  readonly location: string;
  /** `a/` and the account id, or empty. */
  readonly scope: string;
  readonly instance: string;
  /** Empty for the instance itself. */
  readonly resourceType: string;
  /** The only part that may hold colons. */
  readonly resource: string;
}

const PATTERN = /^crn:v1:([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s;

/**
 * @throws RangeError when a part other than the last holds a colon.
 */
export function formatCrn(crn: Crn): string {
  const parts = [
    crn.cname,
    crn.ctype,
    crn.service,
    crn.location,
    crn.scope,
    crn.instance,
    crn.resourceType,
  ];
  const bad = parts.find((part) => part.includes(':'));
  if (bad !== undefined) throw new RangeError(`A CRN part cannot hold a colon: "${bad}".`);
  return ['crn', 'v1', ...parts, crn.resource].join(':');
}

/**
 * Splits into at most ten parts: whatever colons come after the ninth belong to the resource.
 *
 * @returns undefined when the text has fewer than ten parts or does not begin with `crn:v1:`.
 */
export function parseCrn(text: string): Crn | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [
    ,
    cname = '',
    ctype = '',
    service = '',
    location = '',
    scope = '',
    instance = '',
    resourceType = '',
    resource = '',
  ] = match;
  return { cname, ctype, service, location, scope, instance, resourceType, resource };
}
