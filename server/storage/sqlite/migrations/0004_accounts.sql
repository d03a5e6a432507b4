ALTER TABLE workspaces ADD COLUMN sign_up INTEGER;

ALTER TABLE users ADD COLUMN deactivated_at INTEGER;

CREATE INDEX users_in_order ON users (workspace_id, handle) WHERE deleted_at IS NULL;

-- What a user is found by, in lower case: the handle, and the display name from each of its words on.
CREATE TABLE user_terms (
    workspace_id BLOB NOT NULL,
    term TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (workspace_id, term, user_id)
) WITHOUT ROWID;
CREATE INDEX user_terms_by_user ON user_terms (user_id, term);
-- lower() knows ASCII only: another letter's capital is found once the name is changed.
INSERT INTO user_terms
    WITH RECURSIVE
        names (workspace_id, user_id, name) AS (
            SELECT workspace_id, id, handle FROM users WHERE deleted_at IS NULL
            UNION SELECT workspace_id, id, lower(display_name) FROM users WHERE deleted_at IS NULL
        ),
        letters (workspace_id, user_id, name, at) AS (
            SELECT workspace_id, user_id, name, 1 FROM names
            UNION ALL SELECT workspace_id, user_id, name, at + 1 FROM letters WHERE at < length(name)
        )
    SELECT DISTINCT workspace_id, substr(name, at), user_id FROM letters
    WHERE at = 1 OR instr(' -_.,''()/', substr(name, at - 1, 1)) > 0 AND instr(' -_.,''()/', substr(name, at, 1)) = 0;

-- What the client said of itself when it signed in.
ALTER TABLE sign_ins ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_ins ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, id);

-- When the secret was replaced.
ALTER TABLE spent_secrets ADD COLUMN spent_at INTEGER NOT NULL DEFAULT 0;
DROP INDEX spent_secrets_by_sign_in;
CREATE INDEX spent_secrets_by_time ON spent_secrets (sign_in, spent_at);

CREATE TABLE access_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX access_tokens_by_secret ON access_tokens (secret);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id, id);

CREATE TABLE invites (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    code BLOB NOT NULL,
    role INTEGER NOT NULL,
    uses_max INTEGER,
    uses INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX invites_by_code ON invites (code);
CREATE INDEX invites_by_workspace ON invites (workspace_id, id);
CREATE INDEX invites_by_creator ON invites (created_by);

-- The threads that whoever comes by an invitation becomes a member of.
CREATE TABLE invite_threads (
    invite BLOB NOT NULL REFERENCES invites (id) ON DELETE CASCADE,
    thread INTEGER NOT NULL,
    PRIMARY KEY (invite, thread)
) WITHOUT ROWID;

CREATE INDEX identities_by_user ON identities (user_id);

-- Users who are deleted, and not gone from all threads yet.
CREATE TABLE departures (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    erase INTEGER NOT NULL,
    -- The nonce of the own message that was looked at last in this round, and whether the round found one to erase.
    looked_at BLOB NOT NULL,
    found INTEGER NOT NULL
) WITHOUT ROWID;

-- Access that has ended, in the order of its ending. The newest row always stays: numbers never begin anew.
CREATE TABLE revocations (
    number INTEGER NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL,
    -- One sign-in or personal access token; null: whatever the user is signed in with.
    sign_in BLOB,
    -- Not that sign-in but the user's other ones.
    others INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX revocations_by_time ON revocations (created_at);
