-- The day on which a member last used the thread: joined, wrote, or read as far as a message of it. Counted from
-- 1970-01-01, as a time would change the index with every message. Only of users with more threads than are watched
-- (limits::watched_threads_max) it is asked, so that for all others the day of this migration does; a previous version
-- that still serves adds members with the day of that.
ALTER TABLE members ADD COLUMN used_day bigint NOT NULL DEFAULT floor(extract(epoch FROM now()) / 86400)::bigint;
UPDATE members m SET used_day = greatest(m.joined_at, (SELECT s.created_at FROM messages s
    WHERE s.place = (m.thread << 32) + m.read_seq)) / 86400000
    WHERE m.user_id IN (SELECT user_id FROM members GROUP BY user_id HAVING count(*) > 2000);
CREATE INDEX members_by_use ON members (user_id, used_day, thread);
