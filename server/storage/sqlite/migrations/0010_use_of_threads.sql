-- The day on which a member last used the thread: joined, wrote, or read as far as a message of it. Counted from
-- 1970-01-01, as a time would change the index with every message.
ALTER TABLE members ADD COLUMN used_day INTEGER NOT NULL DEFAULT 0;
UPDATE members SET used_day = max(joined_at, coalesce((SELECT s.created_at FROM messages s
    WHERE s.place = (members.thread << 32) + members.read_seq), 0)) / 86400000;
CREATE INDEX members_by_use ON members (user_id, used_day, thread);
