#include "api/http/routes.hpp"

#include "api/http/handlers.hpp"

#include <array>

namespace banter::api::http {

namespace {

using enum Access;
using enum model::Scope;
using Names = std::string_view;

constexpr std::array page = {Names("limit"), Names("cursor")};
constexpr std::array discovery = {Names("q"), Names("limit"), Names("cursor")};
constexpr std::array people = {Names("q"), Names("ids"), Names("limit"), Names("cursor")};
constexpr std::array window = {
    Names("before"),
    Names("after"),
    Names("around"),
    Names("at"),
    Names("limit"),
    Names("cursor"),
};

constexpr std::array link = {
    Names("name"),
    Names("type"),
    Names("download"),
    Names("expires"),
    Names("signature"),
};

constexpr std::array sign_in_place = {Names("returnTo")};
/// RFC 6749 4.1.2: what an issuer adds is ignored.
constexpr std::array issuer_answer = {
    Names("state"),
    Names("code"),
    Names("error"),
    Names("iss"),
    any_name,
};

/// What browsers navigate to, and what happens then is more than that they are shown something.
constexpr Route acting(std::string_view pattern, Handler handler, QueryNames query) {
    Route route{"GET", pattern, handler, anyone, Body::none, query};
    route.head = Head::refused;
    return route;
}

constexpr Route within(model::Scope scope, Route route) {
    route.scope = scope;
    return route;
}

// A pattern without a parameter stands before one that it would match.
const std::array table = {
    Route{"GET", "/api/config", config, anyone},
    Route{"POST", "/api/setup", set_up, anyone, Body::json},
    Route{"POST", "/api/auth/register", register_account, anyone, Body::json},
    Route{"POST", "/api/auth/login", log_in, anyone, Body::json},
    Route{"POST", "/api/auth/refresh", refresh, own_page},
    Route{"POST", "/api/auth/logout", log_out, own_page},
    Route{"POST", "/api/auth/password", change_password, signed_in, Body::json},
    acting("/api/auth/oidc/{name}", begin_oidc, sign_in_place),
    acting("/api/auth/oidc/{name}/callback", finish_oidc, issuer_answer),
    Route{"GET", "/.well-known/jwks.json", jwks, anyone},

    Route{"POST", "/api/webhooks/clerk", take_clerk_hook, by_signature, Body::json},

    within(read, {"GET", "/api/boot", boot}),
    within(read, {"GET", "/api/me", me}),
    within(profile, {"PATCH", "/api/me", change_me, signed_in, Body::json}),
    Route{"DELETE", "/api/me", delete_me, signed_in, Body::json},
    Route{"GET", "/api/me/sessions", list_sessions, signed_in, Body::none, page},
    Route{"DELETE", "/api/me/sessions/{sessionId}", end_session},
    Route{"GET", "/api/me/tokens", list_access_tokens, signed_in, Body::none, page},
    Route{"POST", "/api/me/tokens", create_access_token, signed_in, Body::json},
    Route{"DELETE", "/api/me/tokens/{tokenId}", end_access_token},

    within(read, {"GET", "/api/users", list_users, signed_in, Body::none, people}),
    within(read, {"GET", "/api/users/{userId}", find_user}),
    within(admin, {"PATCH", "/api/users/{userId}", change_user, signed_in, Body::json}),

    // By people alone: no token makes tokens.
    Route{"GET", "/api/bots", list_bots, signed_in, Body::none, page},
    Route{"POST", "/api/bots", create_bot, signed_in, Body::json},
    Route{"PATCH", "/api/bots/{userId}", change_bot, signed_in, Body::json},
    Route{"GET", "/api/bots/{userId}/tokens", list_bot_tokens, signed_in, Body::none, page},
    Route{"POST", "/api/bots/{userId}/tokens", create_bot_token, signed_in, Body::json},
    Route{"DELETE", "/api/bots/{userId}/tokens/{tokenId}", end_bot_token},

    within(admin, {"GET", "/api/invites", list_invites, signed_in, Body::none, page}),
    within(admin, {"POST", "/api/invites", create_invite, signed_in, Body::json}),
    within(admin, {"DELETE", "/api/invites/{inviteId}", end_invite}),

    within(read, {"GET", "/api/threads", list_threads, signed_in, Body::none, page}),
    within(threads, {"POST", "/api/threads", create_thread, signed_in, Body::json}),
    within(
        read,
        {"GET", "/api/threads/discover", discover_threads, signed_in, Body::none, discovery}
    ),
    within(read, {"GET", "/api/threads/{threadId}", find_thread}),
    within(threads, {"PATCH", "/api/threads/{threadId}", change_thread, signed_in, Body::json}),
    within(threads, {"POST", "/api/threads/{threadId}/join", join_thread}),
    within(threads, {"POST", "/api/threads/{threadId}/leave", leave_thread}),
    within(
        read,
        {"GET", "/api/threads/{threadId}/members", list_members, signed_in, Body::none, page}
    ),
    within(
        threads,
        {"PUT",
         "/api/threads/{threadId}/members/{userId}",
         set_member,
         signed_in,
         Body::optional_json}
    ),
    within(threads, {"DELETE", "/api/threads/{threadId}/members/{userId}", remove_member}),
    within(
        write,
        {"PUT", "/api/threads/{threadId}/preferences", set_preferences, signed_in, Body::json}
    ),
    within(write, {"PUT", "/api/threads/{threadId}/read", set_read, signed_in, Body::json}),

    within(
        read,
        {"GET", "/api/threads/{threadId}/messages", history, signed_in, Body::none, window}
    ),
    within(
        write,
        {"POST",
         "/api/threads/{threadId}/messages",
         send_message,
         signed_in,
         Body::json,
         {},
         Limit::sends}
    ),
    within(read, {"GET", "/api/messages/{messageId}", find_message}),
    within(write, {"PATCH", "/api/messages/{messageId}", edit_message, signed_in, Body::json}),
    within(write, {"DELETE", "/api/messages/{messageId}", delete_message}),
    within(write, {"PUT", "/api/messages/{messageId}/reactions/{emoji}", add_reaction}),
    within(write, {"DELETE", "/api/messages/{messageId}/reactions/{emoji}", remove_reaction}),
    within(
        read,
        {"GET",
         "/api/messages/{messageId}/reactions/{emoji}",
         find_reaction,
         signed_in,
         Body::none,
         page}
    ),

    within(write, {"POST", "/api/upload", upload_file, signed_in, Body::streamed}),
    Route{"OPTIONS", "/api/uploads", describe_uploads, anyone},
    within(write, {"POST", "/api/uploads", begin_upload, signed_in, Body::streamed}),
    within(write, {"GET", "/api/uploads/{uploadId}", find_upload}),
    within(write, {"PATCH", "/api/uploads/{uploadId}", extend_upload, signed_in, Body::streamed}),
    within(write, {"DELETE", "/api/uploads/{uploadId}", end_upload}),
    within(read, {"GET", "/api/files/{fileId}", find_file}),
    Route{"GET", "/files/{object}", linked_file, anyone, Body::none, link},

    Route{"GET", "/healthz", healthz, anyone},
    Route{"GET", "/readyz", readyz, anyone},
    Route{"GET", "/metrics", metrics_text, operators},
};

}  // namespace

std::span<const Route> routes() { return table; }

}  // namespace banter::api::http
