// Made by `npm run generate` in client/tools from contract/. Not to be changed by hand.

export interface paths {
    "/api/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How to sign in, and the limits */
        get: operations["config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the owner and name the server
         * @description While there is no owner, a server that other machines can reach prints a code at its start; until it is used
         *     here, `register` answers `setup_needed`. Where only its own machine can reach it there is no code, any is taken,
         *     and registering makes the owner just as well. `--sign-up` wins over `signUp`, where the operator gives it.
         */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a local account and sign in
         * @description Open to everybody, to the invited or to nobody, as `signUp` in `/api/config` says. The first account on a server
         *     that only its own machine can reach is its owner, whatever that says. An invitation that is wrong, expired,
         *     used up or revoked is `forbidden`, and which of these is not told.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with handle and password
         * @description An unknown handle costs the same time, and is answered with the same bytes, as a wrong password.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade the refresh cookie for a new token
         * @description Rotates the cookie. One that is presented again within 10 s, because the answer got lost, gives the same
         *     successor again; later it ends the sign-in, as that is how a copied cookie shows. Thirty a minute.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the sign-in of the refresh cookie
         * @description Its tokens count no more, and its sockets are closed with 4401. Also without a cookie, or with one that is
         *     over, this succeeds.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password
         * @description The sign-in that asks goes on, with the token that is answered and the refresh cookie that it has; all others
         *     of the user end at once, with their sockets. Personal access tokens go on: they are revoked one by one. Asked
         *     with a token that no sign-in stands behind (`banter token`), this signs in, and sets the refresh cookie.
         *     Refused to access tokens. `bad_credentials`: `old` is wrong, or the account has no password; attempts
         *     are counted with those to log in.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in at an issuer of OpenID Connect
         * @description For browsers, which navigate here: to one of the URLs under `auth.oidc` of `/api/config`. Leads to the issuer, by
         *     the authorization code flow with PKCE, and sets a cookie for ten minutes that the way back needs. Whoever can't
         *     go there is led to the app's page for signing in (see `finishOidc`).
         */
        get: operations["beginOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/{name}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from an issuer
         * @description The redirect URI that is registered at the issuer. Whoever it says it is is found by issuer and subject, or
         *     made, also where nobody may register; then the refresh cookie is set as after signing in with a password, and
         *     `POST /api/auth/refresh` gives a token. Whoever is not signed in comes to `/login?error=…` with one of
         *     `sign_in_cancelled`, `sign_in_stale` (it took more than ten minutes, or was begun in another browser),
         *     `sign_in_refused` (what the issuer answered proves nobody), `issuer_unavailable`, `account_closed` and
         *     `rate_limited`. Parameters that are not named here are ignored, as RFC 6749 has it.
         */
        get: operations["finishOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys of the local issuer (RFC 7517) */
        get: operations["jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/clerk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What Clerk tells of its users, sessions and organizations
         * @description For the instance of `--clerk-issuer`, with `--clerk-webhook-secret-file`; else it does not exist. Nobody is signed
         *     in here: what counts is that one of the secrets has signed the body, the id and the time, in the scheme of Svix,
         *     not more than five minutes ago or ahead. At most 256 KiB. `user.created`, `user.updated`, `user.deleted`,
         *     `session.ended`, `session.removed`, `session.revoked`, and `created`, `updated` and `deleted` of `organization`
         *     and `organizationMembership` have an effect, once for each id; every other type is taken without one.
         */
        post: operations["takeClerkHook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that an app needs to paint */
        get: operations["boot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller */
        get: operations["me"];
        put?: never;
        post?: never;
        /**
         * Delete the account
         * @description At once: the user stays by the id alone, as `deleted-…` without a name and a picture, and can't sign in; all
         *     sessions, tokens and invitations end. In a while: the user leaves every thread that can be left, and with
         *     `erase` each of their messages becomes a tombstone, at most 500 a second. An account with a password has to be
         *     given it; attempts are counted with those to log in. Refused to access tokens.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        /**
         * Change what others see of oneself
         * @description Those who watch the user, and the own sockets, get `user:update`. What changes nothing tells nobody.
         */
        patch: operations["changeMe"];
        trace?: never;
    };
    "/api/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the caller is signed in, newest sign-in first */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out elsewhere, or here
         * @description Its tokens and its refresh cookie count no more, and its sockets are closed with 4401.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's personal access tokens, newest first */
        get: operations["listAccessTokens"];
        put?: never;
        /**
         * Make a token for a program
         * @description It is told this once, begins with `banter_pat_`, and counts wherever a bearer token does, over HTTP and on the
         *     socket, with the role that its user has then. It can't make tokens, change the password or delete the account,
         *     nor can who acts in another's name (Clerk's impersonation). A user has at most 50 (`too_large`).
         */
        post: operations["createAccessToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description It counts no more, and its sockets are closed with 4401.
         */
        delete: operations["endAccessToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users of the workspace, by name or by ids
         * @description `q` is the beginning of a handle, of a display name or of a word in one, in any case; without it all are listed,
         *     by handle. Guests find only users they share a thread with; the deactivated are found by owners and admins, and
         *     by their ids; the deleted by their ids alone. A page may be short, or empty, and have a next one. `ids` stands
         *     alone, and is answered at once, in no order and without those that are unknown.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One user */
        get: operations["findUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a user's role, or take or give back their access
         * @description Owners change roles; those of an organization's workspace are kept by the organization, and it has no owner.
         *     A bot's role is changed by who may make such a bot.
         *     Owners and admins deactivate, but never an owner. One owner is always left: the last can't be demoted. Another
         *     role closes the user's sockets with 4401, to connect again with it; a deactivated user is signed out everywhere,
         *     loses the access tokens, and can't sign in: that is answered like a wrong password. Invitations of who
         *     may not invite any more end.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/bots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bots of the workspace, newest first, the deactivated too
         * @description For owners and admins, but not with an access token or in another's name, as all of `/api/bots`.
         */
        get: operations["listBots"];
        put?: never;
        /**
         * Make a bot
         * @description A user of a program: it is found, mentioned and made a member of threads as others are, has `bot: true`, and
         *     nobody signs in as it but with the tokens that are made for it. It is no owner, and only an owner makes it an
         *     admin; in the workspace of an organization an admin does. One that is not wanted any more is deactivated
         *     (`PATCH /api/users/{userId}`), which ends its tokens.
         */
        post: operations["createBot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bots/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a bot's profile
         * @description For owners and admins. The bot does it itself at `PATCH /api/me`, with a token within `profile`.
         */
        patch: operations["changeBot"];
        trace?: never;
    };
    "/api/bots/{userId}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A bot's tokens, newest first
         * @description For owners and admins.
         */
        get: operations["listBotTokens"];
        put?: never;
        /**
         * Make a token for a bot
         * @description For owners and admins. It is told this once, begins with `banter_bot_`, and counts wherever a bearer token does,
         *     for what is within one of its scopes; the rest is `forbidden`. Each operation says which scope it needs; one
         *     that says none is not for bots. What the bot's role does not allow, no scope does. A bot has at most 50
         *     (`too_large`).
         */
        post: operations["createBotToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bots/{userId}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a bot's token
         * @description For owners and admins. It counts no more, and its sockets are closed with 4401.
         */
        delete: operations["endBotToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The invitations that count, newest first
         * @description For owners and admins; in the workspace of an organization (`--clerk-issuer`) for nobody.
         */
        get: operations["listInvites"];
        put?: never;
        /**
         * Invite people
         * @description For owners and admins, and into threads that they may add members to. The code is told this once; whoever
         *     registers with it gets the role, and becomes a member of the threads. It ends with the inviter's right to invite.
         *     Nobody is invited into the workspace of an organization: who is in it is the organization's to say.
         */
        post: operations["createInvite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites/{inviteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description For owners and admins.
         */
        delete: operations["endInvite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The threads that the caller is a member of, newest membership first */
        get: operations["listThreads"];
        put?: never;
        /**
         * Open a channel, a direct thread, a group, or the replies to a message
         * @description The caller becomes the owner of a channel or group, and `memberIds`, without the caller, its members. A `direct`
         *     thread is between the caller and at most 8 others; that of the same people is found (200) and not made twice,
         *     also under concurrency, and alone it is notes to self. A `reply` thread has a `parent` and nothing else; there
         *     is one for each message, which is found (200) if somebody began it. It has no access rules of its own: who may
         *     read or write it is who may read or write the parent. Guests only begin replies.
         */
        post: operations["createThread"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/discover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public channels of the workspace whose name contains `q`, by name */
        get: operations["discoverThreads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One thread */
        get: operations["findThread"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename a thread, give it a topic or another visibility, archive it
         * @description By an owner of the thread, or an admin who sees it. What changes takes a rev, and everybody gets `thread:update`.
         *     A direct thread never changes, a reply thread is what its parent is. An archived thread refuses everything but
         *     to be taken out of the archive. A channel that becomes private shuts out who isn't a member, at once.
         */
        patch: operations["changeThread"];
        trace?: never;
    };
    "/api/threads/{threadId}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the caller's membership
         * @description Live events end with it. A direct thread can't be left: it is hidden from the caller's list until something new
         *     is said in it. Leaving a reply thread means to follow it no more. If the last owner leaves, the member who was
         *     registered first becomes one. Not being a member changes nothing.
         */
        post: operations["leaveThread"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in the thread */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add a member, or give one another role
         * @description By an owner of the thread, or an admin who sees it; in a group every member may add others. All is read then.
         *     What is so already changes nothing. Without a body the role is member.
         */
        put: operations["setMember"];
        post?: never;
        /**
         * Remove a member, or leave
         * @description By an owner of the thread, an admin who sees it, or the member; a direct thread keeps its members. Whoever is
         *     removed gets nothing that happens later, neither here nor in the replies, on no open socket.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * What the caller wants to be told of
         * @description The caller's other sessions get `member:update`.
         */
        put: operations["setPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a member of a public channel, or follow a reply thread
         * @description All is read then. Being a member already changes nothing. Members of the parent may follow its replies.
         */
        post: operations["joinThread"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set how far the caller has read; may go back ("mark unread") */
        put: operations["setRead"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/threads/{threadId}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages of a thread, ascending by seq
         * @description Without a place, the newest. At most one of `before`, `after`, `around`, `at` and `cursor`. A page holds about
         *     128 KiB at most, and at least one message if there is one. `next` goes on to newer messages from `after` and
         *     `at`, and to older ones from everything else.
         */
        get: operations["history"];
        put?: never;
        /**
         * Send a message
         * @description Answered once it is durable. The same nonce of the same author again answers the message as it is now, for
         *     ever, if the request is the same, and `nonce_reused` if it is not.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message */
        get: operations["findMessage"];
        put?: never;
        post?: never;
        /**
         * Leave a tombstone of a message
         * @description For its author, an owner of the thread, and admins. Deleting it again changes nothing.
         */
        delete: operations["deleteMessage"];
        options?: never;
        head?: never;
        /**
         * Change the content of an own message
         * @description The same content again changes nothing and takes no rev.
         */
        patch: operations["editMessage"];
        trace?: never;
    };
    "/api/messages/{messageId}/reactions/{emoji}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who reacted so */
        get: operations["findReaction"];
        /**
         * React
         * @description Doing so again changes nothing.
         */
        put: operations["addReaction"];
        post?: never;
        /**
         * Take a reaction back
         * @description Taking back what is not there changes nothing.
         */
        delete: operations["removeReaction"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a file
         * @description `multipart/form-data` with one field, `file`. The file is the caller's until it is sent with a message; one
         *     that isn't sent within a day is removed. What a file is, its bytes tell: a claimed type proves nothing, but
         *     what is called a picture has to be one. Of pictures, the place where they were taken is erased, and smaller
         *     ones are made in the background (`variants`; a message that has the file changes then). So is a poster of a
         *     PDF, its first page, and of a video, one of its moments, where the server can.
         */
        post: operations["uploadFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an upload, perhaps with its first bytes
         * @description `Upload-Metadata` may have `filename` and `filetype`. All bytes of `Upload-Length` count as the caller's from now
         *     on, and 100 uploads may be under way. What is refused with the bytes that came with it is gone.
         */
        post: operations["beginUpload"];
        delete?: never;
        /**
         * What of tus is spoken
         * @description Uploads that survive a cut connection, by the protocol [tus 1.0](https://tus.io/protocols/resumable-upload)
         *     with its extensions creation, creation-with-upload, expiration and termination: any client of it will do.
         */
        options: operations["describeUploads"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{uploadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far an upload is (HEAD in tus)
         * @description One that is whole is a file: this waits for it, and has it made if that was broken off. So no offset at the end
         *     is told before there is a file.
         */
        get: operations["findUpload"];
        put?: never;
        post?: never;
        /** Give an upload up */
        delete: operations["endUpload"];
        options?: never;
        head?: never;
        /**
         * Go on with an upload
         * @description Whatever comes is kept, also of a request that is cut. With the last byte the upload becomes a file, which is
         *     looked into as one of `POST /api/upload` is; one that is refused is gone. No bytes at the end ask for the file
         *     again. An upload has at most 10,000 parts: each request with bytes is one. A client that can send nothing but
         *     POST names the method in `X-HTTP-Method-Override`.
         */
        patch: operations["extendUpload"];
        trace?: never;
    };
    "/api/files/{fileId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file, with a fresh URL
         * @description The caller's own, and those of messages that the caller may read now. A URL works without any header until
         *     `urlExpiresAt`, for at most ten minutes.
         */
        get: operations["findFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{object}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a URL of a file leads to
         * @description URLs are to be taken as they are; any change makes them invalid. Ranges, `If-Range` and `If-None-Match` work,
         *     and caches may keep the answer until the URL ends. Text of up to 8 MiB leaves in gzip for who accepts it. With `--cdn`, URLs lead elsewhere.
         */
        get: operations["linkedFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ready for requests */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus' text format
         * @description For peers on loopback that speak for themselves, and with the token of `--metrics-token-file`.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Format: uuid */
        Id: string;
        /** Format: date-time */
        Time: string;
        /** @description An exact integer in JavaScript. */
        Counter: number;
        /**
         * @description | code | HTTP | try again |
         *     |---|---|---|
         *     | bad_request, unknown_field | 400 | no |
         *     | unauthenticated, bad_credentials | 401 | after signing in, no |
         *     | forbidden, not_found | 403, 404 | no |
         *     | conflict, nonce_reused, setup_needed | 409 | no |
         *     | too_large, unsupported_media | 413, 415 | no |
         *     | bad_image, malware | 422 | no |
         *     | rate_limited | 429 | after `Retry-After` |
         *     | internal | 500 | yes, with the same nonce |
         *     | busy | 503 | not stored; after `Retry-After` |
         *     | outcome_unknown | 503 | perhaps stored; the same nonce settles it |
         *     | storage_unavailable, storage_full | 503, 507 | later |
         * @enum {string}
         */
        ErrorCode: "bad_request" | "unknown_field" | "unauthenticated" | "bad_credentials" | "forbidden" | "not_found" | "conflict" | "nonce_reused" | "setup_needed" | "too_large" | "unsupported_media" | "bad_image" | "malware" | "rate_limited" | "internal" | "busy" | "outcome_unknown" | "storage_unavailable" | "storage_full";
        /** @description RFC 9457. `code` says what `status` can't; `detail` is for developers. */
        Problem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            detail: string;
            code: components["schemas"]["ErrorCode"];
        };
        Register: {
            handle: string;
            displayName: string;
            /** @description At most 1,024 bytes. */
            password: string;
            /** @description The code of an invitation. */
            invite?: string;
        };
        SetUp: {
            code: string;
            handle: string;
            displayName: string;
            /** @description At most 1,024 bytes. */
            password: string;
            /** @description The workspace's. */
            name: string;
            /** @enum {unknown} */
            signUp: "open" | "invite" | "closed";
        };
        CreateInvite: {
            /**
             * @description An admin only by an owner.
             * @default member
             * @enum {unknown}
             */
            role?: "admin" | "member" | "guest";
            /** @description Absent, as often as somebody comes. */
            maxUses?: number;
            /** @description In the future; absent, it counts until it is revoked. */
            expiresAt?: components["schemas"]["Time"];
            /** @description Whoever comes becomes a member of these. Guests see no others. */
            threadIds?: components["schemas"]["Id"][];
        };
        Login: {
            handle: string;
            password: string;
        };
        ProfileChange: {
            handle?: string;
            displayName?: string;
            /** @description A link by https; null clears it. */
            avatarUrl?: string | null;
            /** @description Null clears it. An emoji, a text or both. */
            status?: null | {
                emoji?: string;
                text?: string;
                /**
                 * Format: date-time
                 * @description In the future.
                 */
                expiresAt?: string | null;
            };
        };
        UserChange: {
            /** @enum {unknown} */
            role?: "owner" | "admin" | "member" | "guest";
            deactivated?: boolean;
        };
        DeleteAccount: {
            /**
             * @description Messages become tombstones.
             * @default false
             */
            erase?: boolean;
            /** @description Of an account that has one. */
            password?: string;
        };
        PasswordChange: {
            old: string;
            /** @description At most 1,024 bytes. */
            new: string;
        };
        CreateAccessToken: {
            name: string;
            /** @description In the future; absent, the token lives until it is revoked. */
            expiresAt?: components["schemas"]["Time"];
        };
        CreateBot: {
            handle: string;
            displayName: string;
            /** @description By https. */
            avatarUrl?: string;
            /**
             * @description An owner is refused.
             * @default member
             * @enum {unknown}
             */
            role?: "owner" | "admin" | "member" | "guest";
        };
        CreateBotToken: {
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** @description In the future; absent, the token lives until it is revoked. */
            expiresAt?: components["schemas"]["Time"];
        };
        /**
         * @description `read` what the bot sees, and hear of it on the socket; `write` messages, reactions, files, typing, read markers
         *     and the own presence; `threads` to make, change, join and leave them, and say who is in them; `profile`, the
         *     bot's own; `admin` to change other users and invite some, where the bot's role allows it.
         * @enum {unknown}
         */
        Scope: "read" | "write" | "threads" | "profile" | "admin";
        CreateThread: {
            /** @enum {unknown} */
            kind: "channel" | "direct" | "group" | "reply";
            /** @description A channel needs one, a group may have one. */
            name?: string;
            /**
             * @description Of a channel only.
             * @default public
             * @enum {unknown}
             */
            visibility?: "public" | "private";
            memberIds?: components["schemas"]["Id"][];
            parent?: components["schemas"]["Parent"];
        };
        /** @description The message that a reply thread hangs off. */
        Parent: {
            threadId: components["schemas"]["Id"];
            messageId: components["schemas"]["Id"];
        };
        /** @description What is absent stays as it is. */
        ChangeThread: {
            name?: string;
            topic?: string;
            /**
             * @description Of a channel only.
             * @enum {unknown}
             */
            visibility?: "public" | "private";
            archived?: boolean;
        };
        Member: {
            userId: components["schemas"]["Id"];
            /** @enum {unknown} */
            role: "owner" | "member";
            joinedAt: components["schemas"]["Time"];
        };
        /** @description A file that was uploaded. */
        Attachment: {
            id: components["schemas"]["Id"];
            /** @description As its owner called it; text that means nothing. */
            name: string;
            /** @description As the server found it to be. */
            mediaType: string;
            size: components["schemas"]["Counter"];
            /** @description In pixels, of a picture as it is shown; of the poster that another file has, at most 1600. Null as long as there is none. */
            width: number | null;
            height: number | null;
            /** @description A blurred placeholder, [ThumbHash](https://evanw.github.io/thumbhash/) in base64, of the picture or poster. */
            thumbhash: string | null;
            /** @description Absolute, or a path on this server. */
            url: string;
            urlExpiresAt: components["schemas"]["Time"];
            /**
             * @description Smaller pictures, from the narrowest on; the last ones come when they are made. Of a file that is no picture
             *     they show its poster: `mediaType` says what `url` gives, and the widest may be as wide as the poster.
             */
            variants: {
                width: number;
                height: number;
                /** @enum {unknown} */
                mediaType: "image/webp" | "image/avif";
                size: components["schemas"]["Counter"];
                url: string;
            }[];
        };
        SendMessage: {
            nonce: components["schemas"]["Id"];
            content: components["schemas"]["Content"];
            /** @description Own files that are in no message; any other is `not_found`. */
            attachments?: components["schemas"]["Id"][];
            /** @description The message of the same thread that is quoted. */
            replyTo?: components["schemas"]["Id"];
        };
        EditMessage: {
            content: components["schemas"]["Content"];
            /** @description Refused with `conflict` if the message's rev is another by now. */
            ifRev?: components["schemas"]["Counter"];
        };
        /**
         * @description Markdown, stored as sent. 1 to 10,000 bytes of UTF-8; 0 with attachments. `<@userId>` mentions a member,
         *     `<!channel>` and `<!here>` all.
         */
        Content: string;
        Config: {
            name: string;
            version: string;
            auth: {
                local?: {
                    /** @enum {unknown} */
                    signUp: "open" | "invite" | "closed";
                };
                /** @description An instance of Clerk to sign in at, by its own script. */
                clerk?: {
                    publishableKey: string;
                };
                /** @description Issuers of OpenID Connect to sign in at. */
                oidc?: {
                    name: string;
                    /** @description Where a browser goes for it; `?returnTo=` may follow. */
                    url: string;
                }[];
            };
            limits: {
                [key: string]: number;
            };
            /** @description Whether the installation waits for its owner. */
            setup: boolean;
        };
        Granted: {
            user: components["schemas"]["User"];
            token: string;
            tokenExpiresAt: components["schemas"]["Time"];
        };
        /** @description A sign-in on one device. */
        Session: {
            /** @description The `sid` of its tokens. */
            id: components["schemas"]["Id"];
            createdAt: components["schemas"]["Time"];
            /** @description When it last got a token. */
            lastUsedAt: components["schemas"]["Time"];
            /** @description Unless it gets another token before. */
            expiresAt: components["schemas"]["Time"];
            /** @description As the client called itself when it signed in; perhaps empty. */
            userAgent: string;
            /** @description Whence it signed in. */
            address: string;
            /** @description Whether this is the one that asks. */
            current: boolean;
        };
        AccessToken: {
            id: components["schemas"]["Id"];
            name: string;
            createdAt: components["schemas"]["Time"];
            /**
             * Format: date-time
             * @description Up to a minute behind.
             */
            lastUsedAt: string | null;
            /** Format: date-time */
            expiresAt: string | null;
        };
        MadeAccessToken: {
            id: components["schemas"]["Id"];
            name: string;
            createdAt: components["schemas"]["Time"];
            lastUsedAt: null;
            /** Format: date-time */
            expiresAt: string | null;
            token: string;
        };
        BotToken: {
            id: components["schemas"]["Id"];
            name: string;
            createdAt: components["schemas"]["Time"];
            /**
             * Format: date-time
             * @description Up to a minute behind.
             */
            lastUsedAt: string | null;
            /** Format: date-time */
            expiresAt: string | null;
            scopes: components["schemas"]["Scope"][];
        };
        MadeBotToken: {
            id: components["schemas"]["Id"];
            name: string;
            createdAt: components["schemas"]["Time"];
            lastUsedAt: null;
            /** Format: date-time */
            expiresAt: string | null;
            scopes: components["schemas"]["Scope"][];
            token: string;
        };
        Invite: {
            id: components["schemas"]["Id"];
            /** @enum {unknown} */
            role: "admin" | "member" | "guest";
            maxUses: number | null;
            uses: number;
            /** @description As far as the caller may see them. */
            threadIds: components["schemas"]["Id"][];
            createdBy: components["schemas"]["Id"];
            createdAt: components["schemas"]["Time"];
            /** Format: date-time */
            expiresAt: string | null;
        };
        MadeInvite: {
            id: components["schemas"]["Id"];
            /** @enum {unknown} */
            role: "admin" | "member" | "guest";
            maxUses: number | null;
            /** @constant */
            uses: 0;
            threadIds: components["schemas"]["Id"][];
            createdBy: components["schemas"]["Id"];
            createdAt: components["schemas"]["Time"];
            /** Format: date-time */
            expiresAt: string | null;
            /** @description For `invite` of the registration. */
            code: string;
            /** @description The code as a link. */
            url: string;
        };
        Boot: {
            user: components["schemas"]["User"];
            workspace: components["schemas"]["Workspace"];
            threads: components["schemas"]["ThreadPage"];
            users: components["schemas"]["User"][];
            /** @description Changes when a backup is restored. */
            epoch: string;
            serverTime: components["schemas"]["Time"];
        };
        Workspace: {
            id: components["schemas"]["Id"];
            name: string;
            /**
             * @description The caller's.
             * @enum {unknown}
             */
            role: "owner" | "admin" | "member" | "guest";
        };
        /** @description A deleted user keeps the id; `deletedAt` is set. */
        User: {
            id: components["schemas"]["Id"];
            handle: string;
            displayName: string;
            avatarUrl: string | null;
            bot: boolean;
            status: null | {
                emoji: string;
                text: string;
                /** Format: date-time */
                expiresAt: string | null;
            };
            /** Format: date-time */
            deletedAt: string | null;
        };
        /** @description A user as they are looked up one by one, with the role and whether they can sign in. */
        Account: {
            id: components["schemas"]["Id"];
            handle: string;
            displayName: string;
            avatarUrl: string | null;
            bot: boolean;
            status: null | {
                emoji: string;
                text: string;
                /** Format: date-time */
                expiresAt: string | null;
            };
            /** Format: date-time */
            deletedAt: string | null;
            /** @enum {unknown} */
            role: "owner" | "admin" | "member" | "guest";
            /** Format: date-time */
            deactivatedAt: string | null;
        };
        /** @description Any conversation. */
        Thread: {
            id: components["schemas"]["Id"];
            workspaceId: components["schemas"]["Id"];
            /** @enum {unknown} */
            kind: "channel" | "direct" | "group" | "reply";
            /** @enum {unknown} */
            visibility: "public" | "private";
            name: string;
            topic: string;
            parent: null | components["schemas"]["Parent"];
            /** @description Of a direct thread, whose members never change; else null. */
            memberIds: components["schemas"]["Id"][] | null;
            seq: components["schemas"]["Counter"];
            rev: components["schemas"]["Counter"];
            firstSeq: components["schemas"]["Counter"];
            createdBy: components["schemas"]["Id"];
            createdAt: components["schemas"]["Time"];
            /** Format: date-time */
            archivedAt: string | null;
            /** @description The asking user's; null if none; never in a broadcast. */
            membership?: null | {
                /** @enum {unknown} */
                role: "owner" | "member";
                readSeq: components["schemas"]["Counter"];
                unread: components["schemas"]["Counter"];
                mentions: number;
                /** @enum {unknown} */
                level: "all" | "mentions" | "none";
                /** Format: date-time */
                mutedUntil: string | null;
            };
        };
        /** @description A deleted message stays with content "", no mentions and `deletedAt` set. */
        Message: {
            id: components["schemas"]["Id"];
            threadId: components["schemas"]["Id"];
            seq: components["schemas"]["Counter"];
            rev: components["schemas"]["Counter"];
            authorId: components["schemas"]["Id"];
            nonce: components["schemas"]["Id"];
            content: string;
            attachments: components["schemas"]["Attachment"][];
            /** @description Members whom the content mentions, and "all". */
            mentions: (components["schemas"]["Id"] | "all")[];
            /** Format: uuid */
            replyTo: string | null;
            reactions: components["schemas"]["Reaction"][];
            /** @description Brought up to date at the first reply, then at most once in 10 s. */
            replyThread: null | {
                threadId: components["schemas"]["Id"];
                count: components["schemas"]["Counter"];
                lastReplyAt: components["schemas"]["Time"];
                userIds: components["schemas"]["Id"][];
            };
            createdAt: components["schemas"]["Time"];
            /** Format: date-time */
            editedAt: string | null;
            /** Format: date-time */
            deletedAt: string | null;
        };
        Reaction: {
            emoji: string;
            count: number;
            /** @description The first 20 who reacted so. */
            userIds: components["schemas"]["Id"][];
            /**
             * @description In answers to who did; never in a broadcast.
             * @constant
             */
            mine?: true;
        };
        Reacted: {
            items: components["schemas"]["User"][];
            count: number;
            next: string | null;
        };
        ThreadPage: {
            items: components["schemas"]["Thread"][];
            next: string | null;
        };
        MessagePage: {
            items: components["schemas"]["Message"][];
            next: string | null;
            /** @description Those named in the messages; of a crowd as many as an answer holds. */
            users: components["schemas"]["User"][];
        };
        ReadState: {
            threadId: components["schemas"]["Id"];
            seq: components["schemas"]["Counter"];
            unread: components["schemas"]["Counter"];
            mentions: number;
        };
        Presence: {
            userId: components["schemas"]["Id"];
            /** @enum {unknown} */
            presence: "online" | "away" | "dnd" | "offline";
            /**
             * Format: date-time
             * @description To about a minute; null for who was not there lately.
             */
            lastActiveAt: string | null;
        };
        ConnectFrame: {
            /** @constant */
            type: "connect";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            token: string;
        };
        ConnectedFrame: {
            /** @constant */
            type: "connected";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            /** @constant */
            protocol: 1;
            features: string[];
            /** @description Changes when a backup is restored. */
            epoch: string;
            user: components["schemas"]["User"];
            workspace: components["schemas"]["Workspace"];
            /** @description Of this connection, for logs and support. */
            sessionId: string;
            serverTime: components["schemas"]["Time"];
            heartbeatMs: number;
            /**
             * Format: date-time
             * @description Null of an access token that never expires.
             */
            tokenExpiresAt: string | null;
        };
        AuthRefreshFrame: {
            /** @constant */
            type: "auth:refresh";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            token: string;
        };
        AuthRefreshedFrame: {
            /** @constant */
            type: "auth:refreshed";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            /** Format: date-time */
            tokenExpiresAt: string | null;
        };
        ThreadJoinFrame: {
            /** @constant */
            type: "thread:join";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            threadId: components["schemas"]["Id"];
            since?: components["schemas"]["Counter"];
            epoch?: string;
        };
        ThreadJoinedFrame: {
            /** @constant */
            type: "thread:joined";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            threadId: components["schemas"]["Id"];
            thread: components["schemas"]["Thread"];
            messages: components["schemas"]["Message"][];
            users: components["schemas"]["User"][];
            rev: components["schemas"]["Counter"];
            complete: boolean;
            /** @description The client drops its copy of the thread. */
            reset: boolean;
        };
        ThreadLeaveFrame: {
            /** @constant */
            type: "thread:leave";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            threadId: components["schemas"]["Id"];
        };
        ThreadLeftFrame: {
            /** @constant */
            type: "thread:left";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            threadId: components["schemas"]["Id"];
        };
        MessageSendFrame: {
            /** @constant */
            type: "message:send";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            threadId: components["schemas"]["Id"];
            nonce: components["schemas"]["Id"];
            content: components["schemas"]["Content"];
            attachments?: components["schemas"]["Id"][];
            replyTo?: components["schemas"]["Id"];
        };
        MessageSentFrame: {
            /** @constant */
            type: "message:sent";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            message: components["schemas"]["Message"];
        };
        MessageNewFrame: {
            /** @constant */
            type: "message:new";
            threadId: components["schemas"]["Id"];
            rev: components["schemas"]["Counter"];
            message: components["schemas"]["Message"];
        };
        MessageEditFrame: {
            /** @constant */
            type: "message:edit";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            messageId: components["schemas"]["Id"];
            content: components["schemas"]["Content"];
            ifRev?: components["schemas"]["Counter"];
        };
        MessageEditedFrame: {
            /** @constant */
            type: "message:edited";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            message: components["schemas"]["Message"];
        };
        MessageDeleteFrame: {
            /** @constant */
            type: "message:delete";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            messageId: components["schemas"]["Id"];
        };
        MessageDeletedFrame: {
            /** @constant */
            type: "message:deleted";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            message: components["schemas"]["Message"];
        };
        MessageUpdateFrame: {
            /** @constant */
            type: "message:update";
            threadId: components["schemas"]["Id"];
            rev: components["schemas"]["Counter"];
            message: components["schemas"]["Message"];
            /** @description The reaction that was added or removed, if that was the change. */
            reaction?: {
                emoji: string;
                userId: components["schemas"]["Id"];
                added: boolean;
            };
        };
        ReactionAddFrame: {
            /** @constant */
            type: "reaction:add";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            messageId: components["schemas"]["Id"];
            emoji: string;
        };
        ReactionAddedFrame: {
            /** @constant */
            type: "reaction:added";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            message: components["schemas"]["Message"];
        };
        ReactionRemoveFrame: {
            /** @constant */
            type: "reaction:remove";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            messageId: components["schemas"]["Id"];
            emoji: string;
        };
        ReactionRemovedFrame: {
            /** @constant */
            type: "reaction:removed";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            message: components["schemas"]["Message"];
        };
        TypingStartFrame: {
            /** @constant */
            type: "typing:start";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            threadId: components["schemas"]["Id"];
        };
        TypingStopFrame: {
            /** @constant */
            type: "typing:stop";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            threadId: components["schemas"]["Id"];
        };
        TypingUpdateFrame: {
            threadId: components["schemas"]["Id"];
            /** @constant */
            type: "typing:update";
            userId: components["schemas"]["Id"];
            typing: boolean;
            expiresInMs: number;
        };
        ReadMarkFrame: {
            /** @constant */
            type: "read:mark";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            threadId: components["schemas"]["Id"];
            seq: components["schemas"]["Counter"];
        };
        ReadMarkedFrame: {
            /** @constant */
            type: "read:marked";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            threadId: components["schemas"]["Id"];
            seq: components["schemas"]["Counter"];
            unread: components["schemas"]["Counter"];
            mentions: number;
        };
        ReadUpdateFrame: {
            threadId: components["schemas"]["Id"];
            /** @constant */
            type: "read:update";
            userId: components["schemas"]["Id"];
            seq: components["schemas"]["Counter"];
            unread?: components["schemas"]["Counter"];
            mentions?: number;
        };
        ThreadUpdateFrame: {
            threadId: components["schemas"]["Id"];
            /** @constant */
            type: "thread:update";
            rev: components["schemas"]["Counter"];
            thread: components["schemas"]["Thread"];
        };
        ThreadActivityFrame: {
            threadId: components["schemas"]["Id"];
            /** @constant */
            type: "thread:activity";
            seq: components["schemas"]["Counter"];
            mentioned: (components["schemas"]["Id"] | "all")[];
        };
        ThreadRemovedFrame: {
            threadId: components["schemas"]["Id"];
            /** @constant */
            type: "thread:removed";
        };
        MemberUpdateFrame: {
            threadId: components["schemas"]["Id"];
            /** @constant */
            type: "member:update";
            userId: components["schemas"]["Id"];
            /** @enum {unknown} */
            role: "owner" | "member" | null;
            /**
             * @description To the user's own sessions only.
             * @enum {unknown}
             */
            level?: "all" | "mentions" | "none";
            /** Format: date-time */
            mutedUntil?: string | null;
        };
        PresenceSetFrame: {
            /** @constant */
            type: "presence:set";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            /** @enum {unknown} */
            presence: "online" | "away" | "dnd";
        };
        PresenceChangedFrame: {
            /** @constant */
            type: "presence:changed";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            /** @enum {unknown} */
            presence: "online" | "away" | "dnd";
        };
        PresenceWatchFrame: {
            /** @constant */
            type: "presence:watch";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
            userIds: components["schemas"]["Id"][];
        };
        PresenceWatchingFrame: {
            /** @constant */
            type: "presence:watching";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            presences: components["schemas"]["Presence"][];
        };
        PresenceUpdateFrame: {
            userId: components["schemas"]["Id"];
            /** @enum {unknown} */
            presence: "online" | "away" | "dnd" | "offline";
            /**
             * Format: date-time
             * @description To about a minute; null for who was not there lately.
             */
            lastActiveAt: string | null;
            /** @constant */
            type: "presence:update";
        };
        UserUpdateFrame: {
            /** @constant */
            type: "user:update";
            user: components["schemas"]["Account"];
        };
        PingFrame: {
            /** @constant */
            type: "ping";
            /** @description At most 64 bytes; answered as `re`. */
            id?: string;
        };
        PongFrame: {
            /** @constant */
            type: "pong";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            serverTime: components["schemas"]["Time"];
        };
        ErrorFrame: {
            /** @constant */
            type: "error";
            /** @description The request's `id`; absent if it had none. */
            re?: string;
            code: components["schemas"]["ErrorCode"];
            /** @description For developers. */
            detail: string;
            retryAfterMs: number | null;
        };
    };
    responses: {
        /** @description Signed in. The refresh cookie is set (HttpOnly, SameSite=Strict, Path=/). */
        Granted: {
            headers: {
                "Set-Cookie"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Granted"];
            };
        };
        /** @description The user. */
        Account: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Account"];
            };
        };
        /** @description The thread as the caller sees it. */
        Thread: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Thread"];
            };
        };
        /** @description A page. */
        ThreadPage: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ThreadPage"];
            };
        };
        /** @description The message as the caller sees it now. */
        Message: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Any code of the table of errors. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `bad_request` or `unknown_field` */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: no token that counts, or one that is wrong or over. */
        Unauthenticated: {
            headers: {
                "WWW-Authenticate"?: "Bearer";
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden` */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: it does not exist, or not for the caller. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: the thread is archived. */
        Archived: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_large`: over a limit of size or count. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media`: the body has to be application/json. */
        UnsupportedMedia: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The file, with a URL that works without any header until `urlExpiresAt`. */
        Attachment: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Attachment"];
            };
        };
        /**
         * @description `bad_image`: it is called a picture and is none, is damaged, or would take too much to decode. `malware`: the
         *     virus scanner found something, which `detail` names.
         */
        RefusedFile: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `storage_unavailable`, `busy`: nothing was kept; try again. */
        StorageUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `storage_full`: no room on the server, or none left for the caller. */
        StorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `bad_request`: `Tus-Resumable` has to be 1.0.0. */
        WrongTus: {
            headers: {
                "Tus-Version"?: "1.0.0";
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: all bytes are there, but the file is still being made, or the store is away. Ask again. */
        UploadLocked: {
            headers: {
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate_limited` */
        RateLimited: {
            headers: {
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        uploadId: components["schemas"]["Id"];
        tusResumable: "1.0.0";
        requestedWith: "banter";
        threadId: components["schemas"]["Id"];
        userId: components["schemas"]["Id"];
        messageId: components["schemas"]["Id"];
        /** @description One emoji, percent-encoded, or a `:name:` of one. */
        emoji: string;
        limit: number;
        /** @description The `next` of the page before, as it was given. */
        cursor: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A way to sign in that is off is absent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUp"];
            };
        };
        responses: {
            201: components["responses"]["Granted"];
            400: components["responses"]["BadRequest"];
            /** @description `forbidden`: the code is wrong. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: the server has its owner. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            201: components["responses"]["Granted"];
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            /** @description `conflict`: the handle is taken. `setup_needed`: the installation has no owner yet. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            200: components["responses"]["Granted"];
            400: components["responses"]["BadRequest"];
            /** @description `bad_credentials` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header: {
                "X-Requested-With": components["parameters"]["requestedWith"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Granted"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header: {
                "X-Requested-With": components["parameters"]["requestedWith"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cookie is cleared. */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            200: components["responses"]["Granted"];
            400: components["responses"]["BadRequest"];
            /** @description `bad_credentials`, or `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    beginOidc: {
        parameters: {
            query?: {
                /** @description The path of this server to which whoever is signed in comes; `/` without it, or if it is no such path. */
                returnTo?: string;
            };
            header?: never;
            path: {
                /** @description The issuer's. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the issuer. */
            302: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description To the page for signing in. */
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    finishOidc: {
        parameters: {
            query?: {
                state?: string;
                code?: string;
                error?: string;
                /** @description The issuer (RFC 9207). */
                iss?: string;
            };
            header?: never;
            path: {
                /** @description The issuer's. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To where it was begun, signed in, or to the page for signing in. */
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description May be kept for five minutes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jwk-set+json": {
                        keys: Record<string, never>[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    takeClerkHook: {
        parameters: {
            query?: never;
            header: {
                /** @description The same whenever it is sent again. */
                "svix-id": string;
                /** @description Of this attempt, in seconds since 1970. */
                "svix-timestamp": string;
                /** @description `v1,` and base64; several with spaces between them. */
                "svix-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    type: string;
                    data: Record<string, never>;
                };
            };
        };
        responses: {
            /** @description It is taken with all that follows from it; also if it was before. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    boot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first 200 threads that the caller is a member of, and who made them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boot"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            default: components["responses"]["Problem"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As others see them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            default: components["responses"]["Problem"];
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteAccount"];
            };
        };
        responses: {
            /** @description The refresh cookie is cleared. */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            /** @description `bad_credentials`: the password is wrong. `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description `conflict`: the last owner has to make another one first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    changeMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChange"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            /** @description `conflict`: the handle is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            default: components["responses"]["Problem"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listAccessTokens: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, without the tokens themselves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AccessToken"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            default: components["responses"]["Problem"];
        };
    };
    createAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccessToken"];
            };
        };
        responses: {
            /** @description With the token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeAccessToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    endAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                q?: string;
                /** @description At most 200, with commas between them. */
                ids?: string;
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Account"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            default: components["responses"]["Problem"];
        };
    };
    findUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Account"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            200: components["responses"]["Account"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: it is the last owner, the account is deleted, or the role is kept by an organization. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    listBots: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Account"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    createBot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBot"];
            };
        };
        responses: {
            /** @description The bot, without a token yet. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `conflict`: the handle is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    changeBot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChange"];
            };
        };
        responses: {
            200: components["responses"]["Account"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: the handle is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    listBotTokens: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path: {
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, without the tokens themselves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BotToken"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    createBotToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBotToken"];
            };
        };
        responses: {
            /** @description With the token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeBotToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: the bot is deactivated. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    endBotToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["parameters"]["userId"];
                tokenId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listInvites: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, without the codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Invite"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    createInvite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateInvite"];
            };
        };
        responses: {
            /** @description With the code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeInvite"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Archived"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    endInvite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inviteId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It counts no more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listThreads: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ThreadPage"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            default: components["responses"]["Problem"];
        };
    };
    createThread: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateThread"];
            };
        };
        responses: {
            /** @description The direct or reply thread that was there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
            201: components["responses"]["Thread"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `not_found`: one of `memberIds`, or the parent. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: the workspace has a public channel of that name; the message is deleted; its thread is archived. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    discoverThreads: {
        parameters: {
            query?: {
                /** @description Any case; absent or empty for all. */
                q?: string;
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ThreadPage"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            default: components["responses"]["Problem"];
        };
    };
    findThread: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Thread"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    changeThread: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeThread"];
            };
        };
        responses: {
            200: components["responses"]["Thread"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: the name is taken, or the thread is archived. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    leaveThread: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller is no member, or the direct thread is hidden. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, in the order of the users' ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Member"][];
                        next: string | null;
                        users: components["schemas"]["User"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    setMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @default member
                     * @enum {unknown}
                     */
                    role?: "owner" | "member";
                };
            };
        };
        responses: {
            /** @description The member now. The last owner stays one if nobody else is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `not_found`: the thread, or the user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Archived"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
                userId: components["parameters"]["userId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is no such member any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    setPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    level: "all" | "mentions" | "none";
                    /**
                     * Format: date-time
                     * @description Absent or null for not muted.
                     */
                    mutedUntil?: string | null;
                };
            };
        };
        responses: {
            200: components["responses"]["Thread"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    joinThread: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Thread"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Archived"];
            default: components["responses"]["Problem"];
        };
    };
    setRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    seq: components["schemas"]["Counter"];
                };
            };
        };
        responses: {
            /** @description What is unread now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadState"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    history: {
        parameters: {
            query?: {
                /** @description The messages next below this seq. */
                before?: number;
                /** @description The messages next above this seq. */
                after?: number;
                /** @description The messages on both sides of this seq. */
                around?: number;
                /** @description The messages from this time on. */
                at?: string;
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                threadId: components["parameters"]["threadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            201: components["responses"]["Message"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `nonce_reused`, or `conflict`: the thread is archived. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            /** @description `busy`: not stored. `outcome_unknown`: perhaps stored; the same nonce settles it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    findMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                messageId: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Message"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    deleteMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                messageId: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Message"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Archived"];
            default: components["responses"]["Problem"];
        };
    };
    editMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                messageId: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditMessage"];
            };
        };
        responses: {
            200: components["responses"]["Message"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: `ifRev` is out of date, the message is deleted, or the thread is archived. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            default: components["responses"]["Problem"];
        };
    };
    findReaction: {
        parameters: {
            query?: {
                limit?: components["parameters"]["limit"];
                /** @description The `next` of the page before, as it was given. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path: {
                messageId: components["parameters"]["messageId"];
                /** @description One emoji, percent-encoded, or a `:name:` of one. */
                emoji: components["parameters"]["emoji"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who reacted so, in their order; `count` is of all. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reacted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    addReaction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                messageId: components["parameters"]["messageId"];
                /** @description One emoji, percent-encoded, or a `:name:` of one. */
                emoji: components["parameters"]["emoji"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Message"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: the message is deleted, or the thread is archived. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: a message takes 50 different emoji. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    removeReaction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                messageId: components["parameters"]["messageId"];
                /** @description One emoji, percent-encoded, or a `:name:` of one. */
                emoji: components["parameters"]["emoji"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Message"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: the message is deleted, or the thread is archived. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    uploadFile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    file: string;
                };
            };
        };
        responses: {
            201: components["responses"]["Attachment"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            /** @description `unsupported_media`: no form, or a type that is not taken here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["RefusedFile"];
            503: components["responses"]["StorageUnavailable"];
            507: components["responses"]["StorageFull"];
            default: components["responses"]["Problem"];
        };
    };
    beginUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tusResumable"];
                "Upload-Length": number;
                "Upload-Metadata"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /**
             * @description At `Location`. One that is whole already is a file, whose id `Banter-File` has; while that is still being
             *     made there is no `Upload-Offset`: ask for it.
             */
            201: {
                headers: {
                    Location?: string;
                    "Upload-Offset"?: number;
                    "Upload-Expires"?: string;
                    "Banter-File"?: components["schemas"]["Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            412: components["responses"]["WrongTus"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["RefusedFile"];
            423: components["responses"]["UploadLocked"];
            429: components["responses"]["RateLimited"];
            503: components["responses"]["StorageUnavailable"];
            507: components["responses"]["StorageFull"];
            default: components["responses"]["Problem"];
        };
    };
    describeUploads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In `Tus-Version`, `Tus-Extension`, `Tus-Max-Size`. */
            204: {
                headers: {
                    "Tus-Version"?: string;
                    "Tus-Extension"?: string;
                    "Tus-Max-Size"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    findUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tusResumable"];
            };
            path: {
                uploadId: components["parameters"]["uploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the headers. A finished one says its file in `Banter-File`. */
            200: {
                headers: {
                    "Upload-Offset"?: number;
                    "Upload-Length"?: number;
                    "Upload-Metadata"?: string;
                    "Upload-Expires"?: string;
                    "Banter-File"?: components["schemas"]["Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["WrongTus"];
            /** @description `unsupported_media`: the file is of a type that is not taken. The upload is gone. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["RefusedFile"];
            423: components["responses"]["UploadLocked"];
            default: components["responses"]["Problem"];
        };
    };
    endUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tusResumable"];
            };
            path: {
                uploadId: components["parameters"]["uploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["WrongTus"];
            default: components["responses"]["Problem"];
        };
    };
    extendUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tusResumable"];
                "Upload-Offset": number;
            };
            path: {
                uploadId: components["parameters"]["uploadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description The offset that was reached; the file's id if it was the last. */
            204: {
                headers: {
                    "Upload-Offset"?: number;
                    "Upload-Expires"?: string;
                    "Banter-File"?: components["schemas"]["Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: the upload stands at another offset. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["WrongTus"];
            413: components["responses"]["TooLarge"];
            /** @description `unsupported_media`: no application/offset+octet-stream, or a file of a type that is not taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["RefusedFile"];
            423: components["responses"]["UploadLocked"];
            429: components["responses"]["RateLimited"];
            503: components["responses"]["StorageUnavailable"];
            507: components["responses"]["StorageFull"];
            default: components["responses"]["Problem"];
        };
    };
    findFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fileId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Attachment"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    linkedFile: {
        parameters: {
            query?: {
                name?: string;
                type?: string;
                download?: string;
                expires?: string;
                signature?: string;
            };
            header?: never;
            path: {
                object: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, which nothing runs. */
            200: {
                headers: {
                    ETag?: string;
                    "Content-Disposition"?: string;
                    "Content-Security-Policy"?: "sandbox; default-src 'none'";
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description Some of them. */
            206: {
                headers: {
                    ETag?: string;
                    "Content-Disposition"?: string;
                    "Content-Security-Policy"?: "sandbox; default-src 'none'";
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description The caller has them. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `forbidden`: changed, over, or none of this server. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            /** @description There are no such bytes. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "alive";
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ready";
                    };
                };
            };
            /** @description `busy`: the database is away, or the server is going down. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
}

/** What a client asks on the socket, and what answers it when it succeeds. */
export interface Requests {
    'connect': { request: components['schemas']['ConnectFrame']; answer: components['schemas']['ConnectedFrame'] };
    'auth:refresh': { request: components['schemas']['AuthRefreshFrame']; answer: components['schemas']['AuthRefreshedFrame'] };
    'thread:join': { request: components['schemas']['ThreadJoinFrame']; answer: components['schemas']['ThreadJoinedFrame'] };
    'thread:leave': { request: components['schemas']['ThreadLeaveFrame']; answer: components['schemas']['ThreadLeftFrame'] };
    'message:send': { request: components['schemas']['MessageSendFrame']; answer: components['schemas']['MessageSentFrame'] };
    'message:edit': { request: components['schemas']['MessageEditFrame']; answer: components['schemas']['MessageEditedFrame'] };
    'message:delete': { request: components['schemas']['MessageDeleteFrame']; answer: components['schemas']['MessageDeletedFrame'] };
    'reaction:add': { request: components['schemas']['ReactionAddFrame']; answer: components['schemas']['ReactionAddedFrame'] };
    'reaction:remove': { request: components['schemas']['ReactionRemoveFrame']; answer: components['schemas']['ReactionRemovedFrame'] };
    'typing:start': { request: components['schemas']['TypingStartFrame']; answer: never };
    'typing:stop': { request: components['schemas']['TypingStopFrame']; answer: never };
    'read:mark': { request: components['schemas']['ReadMarkFrame']; answer: components['schemas']['ReadMarkedFrame'] };
    'presence:set': { request: components['schemas']['PresenceSetFrame']; answer: components['schemas']['PresenceChangedFrame'] };
    'presence:watch': { request: components['schemas']['PresenceWatchFrame']; answer: components['schemas']['PresenceWatchingFrame'] };
    'ping': { request: components['schemas']['PingFrame']; answer: components['schemas']['PongFrame'] };
}

/** What the server tells by itself. */
export interface Events {
    'message:new': components['schemas']['MessageNewFrame'];
    'message:update': components['schemas']['MessageUpdateFrame'];
    'typing:update': components['schemas']['TypingUpdateFrame'];
    'read:update': components['schemas']['ReadUpdateFrame'];
    'thread:update': components['schemas']['ThreadUpdateFrame'];
    'thread:activity': components['schemas']['ThreadActivityFrame'];
    'thread:removed': components['schemas']['ThreadRemovedFrame'];
    'member:update': components['schemas']['MemberUpdateFrame'];
    'presence:update': components['schemas']['PresenceUpdateFrame'];
    'user:update': components['schemas']['UserUpdateFrame'];
}
