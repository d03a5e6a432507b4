// Every handler of the route table, by resource. Each decodes, calls a service, and encodes.
#pragma once

#include "api/http/exchange.hpp"
#include "base/task.hpp"

namespace banter::api::http {

// auth_routes.cpp
[[nodiscard]] Task<Answer> config(Exchange exchange);
[[nodiscard]] Task<Answer> register_account(Exchange exchange);
[[nodiscard]] Task<Answer> set_up(Exchange exchange);
[[nodiscard]] Task<Answer> log_in(Exchange exchange);
[[nodiscard]] Task<Answer> refresh(Exchange exchange);
[[nodiscard]] Task<Answer> log_out(Exchange exchange);
[[nodiscard]] Task<Answer> change_password(Exchange exchange);
[[nodiscard]] Task<Answer> delete_me(Exchange exchange);
[[nodiscard]] Task<Answer> jwks(Exchange exchange);

// oidc_routes.cpp
[[nodiscard]] Task<Answer> begin_oidc(Exchange exchange);
[[nodiscard]] Task<Answer> finish_oidc(Exchange exchange);

// hooks_routes.cpp
[[nodiscard]] Task<Answer> take_clerk_hook(Exchange exchange);

// users_routes.cpp
[[nodiscard]] Task<Answer> boot(Exchange exchange);
[[nodiscard]] Task<Answer> me(Exchange exchange);
[[nodiscard]] Task<Answer> change_me(Exchange exchange);
[[nodiscard]] Task<Answer> list_users(Exchange exchange);
[[nodiscard]] Task<Answer> find_user(Exchange exchange);
[[nodiscard]] Task<Answer> change_user(Exchange exchange);

// sessions_routes.cpp
[[nodiscard]] Task<Answer> list_sessions(Exchange exchange);
[[nodiscard]] Task<Answer> end_session(Exchange exchange);

// tokens_routes.cpp
[[nodiscard]] Task<Answer> list_access_tokens(Exchange exchange);
[[nodiscard]] Task<Answer> create_access_token(Exchange exchange);
[[nodiscard]] Task<Answer> end_access_token(Exchange exchange);

// bots_routes.cpp
[[nodiscard]] Task<Answer> list_bots(Exchange exchange);
[[nodiscard]] Task<Answer> create_bot(Exchange exchange);
[[nodiscard]] Task<Answer> change_bot(Exchange exchange);
[[nodiscard]] Task<Answer> list_bot_tokens(Exchange exchange);
[[nodiscard]] Task<Answer> create_bot_token(Exchange exchange);
[[nodiscard]] Task<Answer> end_bot_token(Exchange exchange);

// invites_routes.cpp
[[nodiscard]] Task<Answer> list_invites(Exchange exchange);
[[nodiscard]] Task<Answer> create_invite(Exchange exchange);
[[nodiscard]] Task<Answer> end_invite(Exchange exchange);

// threads_routes.cpp
[[nodiscard]] Task<Answer> list_threads(Exchange exchange);
[[nodiscard]] Task<Answer> create_thread(Exchange exchange);
[[nodiscard]] Task<Answer> discover_threads(Exchange exchange);
[[nodiscard]] Task<Answer> find_thread(Exchange exchange);
[[nodiscard]] Task<Answer> join_thread(Exchange exchange);
[[nodiscard]] Task<Answer> change_thread(Exchange exchange);
[[nodiscard]] Task<Answer> leave_thread(Exchange exchange);
[[nodiscard]] Task<Answer> list_members(Exchange exchange);
[[nodiscard]] Task<Answer> set_member(Exchange exchange);
[[nodiscard]] Task<Answer> remove_member(Exchange exchange);
[[nodiscard]] Task<Answer> set_preferences(Exchange exchange);
[[nodiscard]] Task<Answer> set_read(Exchange exchange);

// messages_routes.cpp
[[nodiscard]] Task<Answer> history(Exchange exchange);
[[nodiscard]] Task<Answer> send_message(Exchange exchange);
[[nodiscard]] Task<Answer> find_message(Exchange exchange);
[[nodiscard]] Task<Answer> edit_message(Exchange exchange);
[[nodiscard]] Task<Answer> delete_message(Exchange exchange);
[[nodiscard]] Task<Answer> add_reaction(Exchange exchange);
[[nodiscard]] Task<Answer> remove_reaction(Exchange exchange);
[[nodiscard]] Task<Answer> find_reaction(Exchange exchange);

// files_routes.cpp
[[nodiscard]] Task<Answer> upload_file(Exchange exchange);
[[nodiscard]] Task<Answer> find_file(Exchange exchange);
[[nodiscard]] Task<Answer> linked_file(Exchange exchange);

// uploads_routes.cpp
[[nodiscard]] Task<Answer> describe_uploads(Exchange exchange);
[[nodiscard]] Task<Answer> begin_upload(Exchange exchange);
[[nodiscard]] Task<Answer> find_upload(Exchange exchange);
[[nodiscard]] Task<Answer> extend_upload(Exchange exchange);
[[nodiscard]] Task<Answer> end_upload(Exchange exchange);

// health_routes.cpp
[[nodiscard]] Task<Answer> healthz(Exchange exchange);
[[nodiscard]] Task<Answer> readyz(Exchange exchange);
[[nodiscard]] Task<Answer> metrics_text(Exchange exchange);

}  // namespace banter::api::http
