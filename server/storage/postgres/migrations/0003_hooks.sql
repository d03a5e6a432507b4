-- What issuers elsewhere have told of their users and sessions.

CREATE TABLE taken_hooks (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    taken_at bigint NOT NULL
);
CREATE INDEX taken_hooks_by_time ON taken_hooks (taken_at);

-- Of other issuers: the first half of a hash of the issuer and what it calls the session.
CREATE TABLE ended_sessions (
    id bytea NOT NULL PRIMARY KEY,
    ended_at bigint NOT NULL
);
CREATE INDEX ended_sessions_by_time ON ended_sessions (ended_at);

-- Of the identity in every workspace.
CREATE TABLE identity_states (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    -- By the issuer's clock: what it said last of the user, who may be made with it yet.
    updated_at bigint NOT NULL,
    handle text COLLATE "C",
    display_name text COLLATE "C",
    avatar_url text COLLATE "C",
    barred bigint NOT NULL,
    -- For good.
    gone bigint NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- When the issuer's word deactivated the user here: taking it back lifts this one only.
ALTER TABLE identities ADD COLUMN shut_at bigint;
CREATE INDEX identities_by_subject ON identities (issuer, subject);

-- Of a workspace that is an organization at an issuer: which, since when it has its name by the issuer's clock, and
-- whether it is no more, for good.
ALTER TABLE workspaces ADD COLUMN issuer text COLLATE "C";
ALTER TABLE workspaces ADD COLUMN organization text COLLATE "C";
ALTER TABLE workspaces ADD COLUMN named_at bigint NOT NULL DEFAULT 0;
ALTER TABLE workspaces ADD COLUMN gone bigint NOT NULL DEFAULT 0;

CREATE TABLE organization_members (
    workspace_id bytea NOT NULL,
    subject text COLLATE "C" NOT NULL,
    role bigint NOT NULL,
    -- By the issuer's clock: when it said so last, and when they left last. Who left not before that is out.
    role_at bigint NOT NULL,
    left_at bigint,
    PRIMARY KEY (workspace_id, subject)
);
