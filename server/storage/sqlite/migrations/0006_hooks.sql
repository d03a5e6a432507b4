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

-- Of the identity in every workspace.
CREATE TABLE identity_states (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- By the issuer's clock: what it said last of the user, who may be made with it yet.
    updated_at INTEGER NOT NULL,
    handle TEXT,
    display_name TEXT,
    avatar_url TEXT,
    barred INTEGER NOT NULL,
    -- For good.
    gone INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;

-- When the issuer's word deactivated the user here: taking it back lifts this one only.
ALTER TABLE identities ADD COLUMN shut_at INTEGER;
CREATE INDEX identities_by_subject ON identities (issuer, subject);

-- Of a workspace that is an organization at an issuer: which, since when it has its name by the issuer's clock, and
-- whether it is no more, for good.
ALTER TABLE workspaces ADD COLUMN issuer TEXT;
ALTER TABLE workspaces ADD COLUMN organization TEXT;
ALTER TABLE workspaces ADD COLUMN named_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspaces ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;

CREATE TABLE organization_members (
    workspace_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    role INTEGER NOT NULL,
    -- By the issuer's clock: when it said so last, and when they left last. Who left not before that is out.
    role_at INTEGER NOT NULL,
    left_at INTEGER,
    PRIMARY KEY (workspace_id, subject)
) WITHOUT ROWID;
