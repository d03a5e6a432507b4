// User, Thread, Message as JSON: the same bytes over HTTP and over the socket. Pure appending to a
// string.
#pragma once

#include "api/wire/text.hpp"
#include "api/wire/times.hpp"
#include "model/message.hpp"
#include "model/presence.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"
#include "service/file_links.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::wire {

template <typename Tag>
void append_id(std::string& out, const model::Id<Tag>& id) {
    out += '"';
    model::append_to(out, id.uuid);
    out += '"';
}

template <typename Tag>
void append_ids(std::string& out, const std::vector<model::Id<Tag>>& ids) {
    out += '[';
    const char* separator = "";
    for (const model::Id<Tag>& id : ids) {
        out += separator;
        append_id(out, id);
        separator = ",";
    }
    out += ']';
}

/// Whether `mine` of reactions is said: to the asking user it is, in a broadcast never.
enum class Audience : std::uint8_t { asker, everyone };

void append_user(std::string& out, const model::User& user);
/// A user with the role and whether they are deactivated: where users are looked up one by one.
void append_account(std::string& out, const model::User& user);
/// Ids, and "all" for everybody.
void append_mentioned(std::string& out, const std::vector<model::UserId>& users, bool all);
void append_users(std::string& out, const std::vector<model::User>& users);
/// `"userId":…,"presence":…,"lastActiveAt":…`, as it stands in `presence:watching` and
/// `presence:update`.
void append_presence(std::string& out, const model::UserPresence& presence);
/// `membership` is written for the asker only.
void append_thread(std::string& out, const model::ThreadView& view, Audience audience);
void append_member(std::string& out, const model::Member& member);
/// A file as it stands in messages and alone.
void append_attachment(std::string& out, const model::File& file, const service::FileLinks& links);
void append_message(
    std::string& out,
    const model::Message& message,
    Audience audience,
    const service::FileLinks& links
);
void append_messages(
    std::string& out,
    const std::vector<model::Message>& messages,
    Audience audience,
    const service::FileLinks& links
);
/// `{"id","name","role"}`
void append_workspace(
    std::string& out,
    const model::Workspace& workspace,
    model::WorkspaceRole role
);

}  // namespace banter::api::wire
