-- The id that a membership's thread has, so that a user's threads are named without a look at each. Null in rows of
-- before: then it is looked up, and the next read marker brings it.
ALTER TABLE members ADD COLUMN thread_id BLOB;
