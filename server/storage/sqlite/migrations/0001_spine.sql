-- Ids are UUIDs as 16-byte blobs, times milliseconds since 1970, enums their numbers in server/model.
--
-- `place` is where a message stands in the log: the number of its thread * 2^32 + its seq. As the row's
-- integer key it clusters the messages of a thread in their order, and keeps every other index small.

CREATE TABLE installation (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    epoch TEXT NOT NULL,
    workspace_id BLOB NOT NULL
);

CREATE TABLE workspaces (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    role INTEGER NOT NULL,
    -- Made here, not by an issuer elsewhere: tokens made offline may name it by its handle.
    local INTEGER NOT NULL,
    handle TEXT NOT NULL,
    display_name TEXT NOT NULL,
    avatar_url TEXT,
    bot INTEGER NOT NULL,
    status_emoji TEXT,
    status_text TEXT,
    status_expires_at INTEGER,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_handle ON users (workspace_id, handle);
CREATE INDEX users_owners ON users (workspace_id) WHERE role = 0;

CREATE TABLE credentials (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    password_hash TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE identities (
    workspace_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (workspace_id, issuer, subject)
) WITHOUT ROWID;

-- A sign-in that has ended has no row.
CREATE TABLE sign_ins (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    secret BLOB NOT NULL,
    previous_secret BLOB,
    rotated_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX sign_ins_by_secret ON sign_ins (secret);
CREATE INDEX sign_ins_by_previous_secret ON sign_ins (previous_secret)
    WHERE previous_secret IS NOT NULL;
CREATE INDEX sign_ins_by_expiry ON sign_ins (expires_at);

-- Secrets from before the previous one: whoever presents one has a stolen copy, or was stolen from.
CREATE TABLE spent_secrets (
    secret BLOB NOT NULL PRIMARY KEY,
    sign_in BLOB NOT NULL REFERENCES sign_ins (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX spent_secrets_by_sign_in ON spent_secrets (sign_in);

CREATE TABLE threads (
    number INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    access_rev INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    member_count INTEGER NOT NULL,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    kind INTEGER NOT NULL,
    visibility INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case, for lists and for searching in any case.
    folded_name TEXT NOT NULL,
    topic TEXT NOT NULL,
    parent_thread_id BLOB,
    parent_message_id BLOB,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    archived_at INTEGER
);
CREATE UNIQUE INDEX threads_by_id ON threads (id);
CREATE UNIQUE INDEX channels_by_name ON threads (workspace_id, name)
    WHERE kind = 0 AND visibility = 0;
CREATE INDEX channels_in_order ON threads (workspace_id, folded_name, number)
    WHERE kind = 0 AND visibility = 0 AND archived_at IS NULL;

CREATE TABLE members (
    thread INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    role INTEGER NOT NULL,
    read_seq INTEGER NOT NULL,
    -- How often read_seq was set back: a mark that waited meanwhile is from before that.
    read_turn INTEGER NOT NULL DEFAULT 0,
    level INTEGER NOT NULL,
    muted_until INTEGER,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (thread, user_id)
) WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id, joined_at, thread);

CREATE TABLE messages (
    place INTEGER NOT NULL PRIMARY KEY,
    rev INTEGER NOT NULL,
    -- The rev that it came with. Among messages that are as they came, rev rises with seq.
    first_rev INTEGER NOT NULL,
    id BLOB NOT NULL,
    author_id BLOB NOT NULL,
    nonce BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    content TEXT NOT NULL,
    -- Ids of users, one after the other; null: none.
    mentions BLOB,
    mentions_all INTEGER NOT NULL,
    reply_to BLOB,
    -- What a page shows of the reactions (storage/sql/message_codec); null: none.
    reactions BLOB,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER
);
CREATE UNIQUE INDEX messages_by_id ON messages (id);
CREATE UNIQUE INDEX messages_by_nonce ON messages (author_id, nonce);
CREATE INDEX messages_changed ON messages (place >> 32, rev) WHERE rev <> first_rev;

-- In the order of their coming, which the first named users need.
CREATE TABLE reactions (
    place INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    rev INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (place, emoji, rev)
) WITHOUT ROWID;
CREATE UNIQUE INDEX reactions_by_user ON reactions (user_id, place, emoji);

-- One row for each user that a message mentions; the id of zeros stands for all.
CREATE TABLE mentions (
    user_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (user_id, place)
) WITHOUT ROWID;
