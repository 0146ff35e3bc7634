/** The most specific name of a subject in one line (RFC 4514). */
export function commonNameOf(subject: string): string {
  return /^CN=((?:[^,\\]|\\.)+)/.exec(subject)?.[1] ?? 'certificate';
}
