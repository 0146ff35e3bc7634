/** For walks over encoded items that look at a few of them and decode none. */

import { HEADER_BYTES, paddedLength } from './measure.ts';

/**
 * Where the item ends that begins at `offset`, its padding included. What it holds is not looked at.
 *
 * @throws RangeError when its header is not in `view`.
 */
export function endOfItem(view: DataView, offset: number): number {
  return offset + HEADER_BYTES + paddedLength(view.getUint32(offset + 4));
}
