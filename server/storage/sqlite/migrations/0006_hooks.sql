-- What issuers elsewhere have told of their users and sessions.

CREATE TABLE taken_hooks (
    id TEXT NOT NULL PRIMARY KEY,
    taken_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX taken_hooks_by_time ON taken_hooks (taken_at);

-- Of other issuers: the first half of a hash of the issuer and what it calls the session.
CREATE TABLE ended_sessions (
    id BLOB NOT NULL PRIMARY KEY,
    ended_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ended_sessions_by_time ON ended_sessions (ended_at);

CREATE TABLE identity_states (
    workspace_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- By the issuer's clock.
    updated_at INTEGER NOT NULL,
    -- When the issuer's word deactivated the user here: lifting it lifts this one only.
    barred_at INTEGER,
    -- For good.
    gone INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, issuer, subject)
) WITHOUT ROWID;
