-- Outside of a transaction.
-- What an interrupted one has left goes first, or one of before.
SET lock_timeout = '200ms';
DROP INDEX IF EXISTS members_by_use;
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY members_by_use ON members (user_id, used_day, thread);
