const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a page.
const UNSAFE = /[&<>"']|[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** Text as it may stand in a page. Controls, and what turns the direction of writing, become a mark. */
export function escapeText(text: string): string {
  return text.replaceAll(UNSAFE, (character) => ENTITIES[character] ?? '\ufffd');
}
