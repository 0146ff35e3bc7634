/** A request whose identifier is exchanged byte for byte: nothing is encoded while it is measured. */

/** Stands for an identifier while a message is encoded; every identifier of a server is as long as its own. */
export function placeholderOf(length: number): string {
  return '#'.repeat(length);
}

export interface RequestTemplate {
  /** The message with this identifier in each place: freshly allocated. */
  withId(id: string): Uint8Array;
}

/**
 * @param encode - Makes the message for an identifier.
 * @param idLength - Characters of the identifiers, which are ASCII.
 */
export function requestTemplate(
  encode: (id: string) => Uint8Array,
  idLength: number,
): RequestTemplate {
  const placeholder = placeholderOf(idLength);
  const bytes = Buffer.from(encode(placeholder));
  const places: number[] = [];
  for (let at = bytes.indexOf(placeholder); at !== -1; at = bytes.indexOf(placeholder, at + 1)) {
    places.push(at);
  }
  if (places.length === 0) throw new Error('The message has no place for an identifier.');
  return {
    withId(id) {
      const message = Buffer.from(bytes);
      for (const at of places) message.write(id, at, 'latin1');
      return message;
    },
  };
}
