/**
 * How calls and replies travel between the store and its threads: as flat lists, many at a time. An object
 * is cloned with the names of its fields, and each buffer with a cost of its own. So what is read most, an
 * object by its id, is a few places in the list, and its bytes lie in one buffer for the whole message.
 */
import type { StoredObject } from './records.ts';
import type { StoreErrorCode } from './store.ts';
import type {
  ReadCall,
  ReadName,
  WorkerCall,
  WorkerReply,
  WorkerRequest,
} from './worker-messages.ts';

/** A stored object without what its reader knows: where it asked for it. */
export type FoundObject = Omit<StoredObject, 'id' | 'adapterId'>;

/** For each call its id; then name and arguments of a read, or null and any other call. */
export type RequestMessage = readonly unknown[];

/** The bytes of all objects, or null; then for each reply its id, what it is, and its fields. */
export type ReplyMessage = readonly unknown[];

const REQUEST_PLACES = 3;

/** What a reply is, with the fields that follow. */
const VALUE = 0; // value
const ERROR = 1; // code, message
const OBJECT = 2; // version, type, created at, owner or null, length of attributes, of material or null

const FIELDS = { [VALUE]: 1, [ERROR]: 2, [OBJECT]: 6 } as const;
const HEAD_PLACES = 2;

export function packRequests(requests: readonly WorkerRequest[]): RequestMessage {
  return requests.flatMap(({ id, call }) =>
    call.kind === 'read' ? [id, call.name, call.args] : [id, null, call],
  );
}

/** Of `packRequests`, in another thread of this package: the places hold what they were given. */
export function unpackRequests(message: RequestMessage): WorkerRequest[] {
  const requests: WorkerRequest[] = [];
  for (let at = 0; at < message.length; at += REQUEST_PLACES) {
    const [id, name, rest] = [message[at] as number, message[at + 1], message[at + 2]];
    requests.push({
      id,
      call:
        name === null
          ? (rest as Exclude<WorkerCall, ReadCall>)
          : { kind: 'read', name: name as ReadName, args: rest as readonly unknown[] },
    });
  }
  return requests;
}

/** Replies that are going to travel together. */
export interface ReplyPack {
  readonly size: number;
  add(reply: WorkerReply): void;
  /** The reply to `readObject` that has found it. */
  addObject(id: number, object: FoundObject): void;
  /** @returns The message, and the buffer in it that may be handed over. */
  seal(): { readonly message: ReplyMessage; readonly buffers: readonly ArrayBuffer[] };
}

export function createReplyPack(): ReplyPack {
  const message: unknown[] = [null];
  const parts: Uint8Array[] = [];
  let length = 0;
  let size = 0;

  function keep(bytes: Uint8Array): number {
    parts.push(bytes);
    length += bytes.byteLength;
    return bytes.byteLength;
  }

  return {
    get size() {
      return size;
    },
    add(reply) {
      size += 1;
      if (reply.ok) message.push(reply.id, VALUE, reply.value);
      else message.push(reply.id, ERROR, reply.error.code, reply.error.message);
    },
    addObject(id, { version, objectType, createdAt, owner, attributes, material }) {
      size += 1;
      const lengths = [keep(attributes), material === null ? null : keep(material)];
      message.push(id, OBJECT, version, objectType, createdAt, owner ?? null, ...lengths);
    },
    seal() {
      if (parts.length === 0) return { message, buffers: [] };
      const bytes = new Uint8Array(length);
      let end = 0;
      for (const part of parts) {
        bytes.set(part, end);
        end += part.byteLength;
      }
      message[0] = bytes;
      return { message, buffers: [bytes.buffer] };
    },
  };
}

/** Of a `ReplyPack`, in the thread of the store: the places hold what they were given. */
export function unpackReplies(message: ReplyMessage): WorkerReply[] {
  const bytes = message[0] as Uint8Array;
  const replies: WorkerReply[] = [];
  let end = 0;
  const take = (length: number) => {
    const begin = end;
    end += length;
    return bytes.subarray(begin, end);
  };
  for (let at = 1; at < message.length; ) {
    const id = message[at] as number;
    const kind = message[at + 1] as keyof typeof FIELDS;
    const first = at + HEAD_PLACES;
    at = first + FIELDS[kind];
    if (kind === VALUE) replies.push({ id, ok: true, value: message[first] });
    else if (kind === ERROR) {
      const [code, text] = [message[first] as StoreErrorCode, message[first + 1] as string];
      replies.push({ id, ok: false, error: { code, message: text } });
    } else {
      const owner = message[first + 3] as string | null;
      const material = message[first + 5] as number | null;
      const value: FoundObject = {
        version: message[first] as number,
        objectType: message[first + 1] as string,
        createdAt: message[first + 2] as number,
        ...(owner !== null && { owner }),
        attributes: take(message[first + 4] as number),
        material: material === null ? null : take(material),
      };
      replies.push({ id, ok: true, value });
    }
  }
  return replies;
}
