/** The part of a README that a run writes: between two markers, and nothing else. */

const BEGIN = '<!-- benchmarks: written by pnpm bench:report -->\n';
const END = '<!-- end of benchmarks -->\n';

/**
 * Puts a text in the place between the markers.
 *
 * @throws Error when the README does not have both, in order.
 */
export function replaceSection(readme: string, section: string): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END, from);
  if (from === -1 || to === -1) {
    throw new Error(`The README has no place for figures: it needs ${BEGIN.trim()} and ${END}`);
  }
  return `${readme.slice(0, from + BEGIN.length)}\n${section.trim()}\n\n${readme.slice(to)}`;
}
