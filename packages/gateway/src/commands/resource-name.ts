const LONGEST = 40;
const SHORTEST = 2;

/**
 * A name that the API takes, from the name of a file or a subject: letters, digits, `-` and `_`.
 *
 * @returns undefined when nothing is left; then the API makes a name.
 */
export function resourceNameFrom(text: string): string | undefined {
  const name = text
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '');
  return name.length >= SHORTEST ? name : undefined;
}
