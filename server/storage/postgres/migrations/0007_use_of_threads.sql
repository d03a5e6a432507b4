-- The day on which a member last used the thread: joined, wrote, or read as far as a message of it. Counted from
-- 1970-01-01, as a time would change the index with every message. Only of users with more threads than are watched
-- (limits::watched_threads_max) it is asked, so that for all others the day of this migration does; a previous version
-- that still serves adds members with the day of that, and doesn't note what is used there.
ALTER TABLE members ADD COLUMN used_day bigint NOT NULL DEFAULT floor(extract(epoch FROM now()) / 86400)::bigint;
