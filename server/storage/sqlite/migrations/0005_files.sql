-- Files, what messages show of them, and uploads that come in parts.

CREATE TABLE files (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    uploader_id BLOB NOT NULL REFERENCES users (id),
    object BLOB NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- Of a picture that was looked into.
    width INTEGER,
    height INTEGER,
    thumbhash TEXT,
    -- Smaller pictures of it (storage/sql/message_codec); null: none.
    variants BLOB,
    -- Whether they are still to be made.
    unrendered INTEGER NOT NULL,
    -- The message that it is part of, for ever.
    place INTEGER,
    created_at INTEGER NOT NULL,
    -- Since when nobody gets it any more. The row stays until its objects are removed.
    dropped_at INTEGER
) WITHOUT ROWID;
CREATE INDEX files_unlinked ON files (created_at) WHERE place IS NULL AND dropped_at IS NULL;
CREATE INDEX files_unrendered ON files (created_at) WHERE unrendered = 1 AND dropped_at IS NULL;
CREATE INDEX files_dropped ON files (dropped_at) WHERE dropped_at IS NOT NULL;

-- Every object of a file. What a store holds beside these and the parts of uploads is swept away.
CREATE TABLE file_objects (
    object BLOB NOT NULL PRIMARY KEY,
    file BLOB NOT NULL REFERENCES files (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX file_objects_by_file ON file_objects (file);

-- Bytes of a user's files until they are removed, and those that uploads may still bring; the id of
-- zeros stands for all.
CREATE TABLE file_usage (
    user_id BLOB NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;

-- What a message shows of its files (storage/sql/message_codec); null: none.
ALTER TABLE messages ADD COLUMN attachments BLOB;

CREATE TABLE uploads (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    claimed_type TEXT NOT NULL,
    metadata TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    -- How many of them have come.
    at INTEGER NOT NULL,
    -- How many parts there are: those of a file go sooner than this row.
    parts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Until then it is somebody's to make a file of it; in the past: nobody's.
    claimed_until INTEGER NOT NULL DEFAULT 0,
    -- The file that it has become.
    file BLOB,
    dropped INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX uploads_unfinished ON uploads (user_id) WHERE dropped = 0 AND file IS NULL;
CREATE INDEX uploads_by_expiry ON uploads (expires_at) WHERE dropped = 0;
CREATE INDEX uploads_dropped ON uploads (id) WHERE dropped = 1;
CREATE INDEX uploads_with_spent_parts ON uploads (id)
WHERE dropped = 0 AND file IS NOT NULL AND parts > 0;

CREATE TABLE upload_parts (
    upload BLOB NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    -- Where in the upload it begins.
    at INTEGER NOT NULL,
    object BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (upload, at)
) WITHOUT ROWID;
CREATE UNIQUE INDEX upload_parts_by_object ON upload_parts (object);
