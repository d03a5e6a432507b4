CREATE INDEX users_bots ON users (workspace_id, id) WHERE bot = 1;

-- What a bot's token is limited to, a bit for each scope; null: a person's, which is not.
ALTER TABLE access_tokens ADD COLUMN scopes bigint;
