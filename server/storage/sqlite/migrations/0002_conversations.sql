-- Direct threads, reply threads, and what members and messages keep of them.

-- Of a direct thread: the ids of its people in their order, one after the other.
ALTER TABLE threads ADD COLUMN people BLOB;
CREATE UNIQUE INDEX directs_by_people ON threads (workspace_id, people) WHERE people IS NOT NULL;
CREATE UNIQUE INDEX replies_by_message ON threads (parent_message_id)
    WHERE parent_message_id IS NOT NULL;

-- Of a direct thread that its member hid: left out of lists until its seq is above this.
ALTER TABLE members ADD COLUMN hidden_seq INTEGER;
CREATE INDEX members_owners ON members (thread) WHERE role = 0;

-- Of a message with replies: what it shows of them (storage/sql/message_codec).
ALTER TABLE messages ADD COLUMN reply_thread BLOB;

-- Replies that their message doesn't show yet, and when it is to.
CREATE TABLE stale_reply_summaries (
    place INTEGER NOT NULL PRIMARY KEY,
    summary BLOB NOT NULL,
    due_at INTEGER NOT NULL
);
CREATE INDEX stale_reply_summaries_by_due ON stale_reply_summaries (due_at);
