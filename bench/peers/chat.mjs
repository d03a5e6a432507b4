// What both peers share: the message that a send becomes, of the same shape as Banter's.

import { randomUUID } from 'node:crypto';

const threadId = randomUUID();
let seq = 0;

/** The message for one `message:send`, unstored: these peers keep nothing. */
export function messageFrom({ content, nonce }, authorId) {
  seq += 1;
  return {
    id: randomUUID(),
    threadId,
    seq,
    rev: seq,
    authorId,
    nonce,
    content,
    attachments: [],
    mentions: [],
    replyTo: null,
    reactions: [],
    replyThread: null,
    createdAt: new Date().toISOString(),
    editedAt: null,
    deletedAt: null,
  };
}

/** Listens on a free port of loopback and prints the address, as Banter does. */
export function listen(server) {
  server.listen(0, '127.0.0.1', 4096, () => {
    console.log(`http://127.0.0.1:${server.address().port}`);
  });
  process.on('SIGTERM', () => process.exit(0));
}
