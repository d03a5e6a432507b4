#include "api/wire/commands.hpp"

#include "api/wire/fields.hpp"
#include "api/wire/json.hpp"
#include "api/wire/messages.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace banter::api::wire {

namespace {

using model::MessageId;
using model::ThreadId;

Command read_connect(Fields& fields) { return Connect{fields.text("token")}; }

Command read_refresh(Fields& fields) { return AuthRefresh{fields.text("token")}; }

Command read_join(Fields& fields) {
    JoinThread join;
    join.thread = fields.id<ThreadId>("threadId");
    join.since = fields.optional_integer("since");
    join.epoch = fields.optional_text("epoch");
    return join;
}

Command read_leave(Fields& fields) { return LeaveThread{fields.id<ThreadId>("threadId")}; }

Command read_message_send(Fields& fields) {
    return read_send(fields, fields.id<ThreadId>("threadId"));
}

Command read_message_edit(Fields& fields) {
    return read_edit(fields, fields.id<MessageId>("messageId"));
}

Command read_message_delete(Fields& fields) {
    return DeleteMessage{fields.id<MessageId>("messageId")};
}

Command read_reaction(Fields& fields, bool add) {
    React react;
    react.message = fields.id<MessageId>("messageId");
    react.emoji = fields.text("emoji");
    react.add = add;
    if (auto refused = refused_emoji(react.emoji)) fields.refuse(refused->code, refused->detail);
    return react;
}

Command read_reaction_add(Fields& fields) { return read_reaction(fields, true); }

Command read_reaction_remove(Fields& fields) { return read_reaction(fields, false); }

Command read_typing_start(Fields& fields) {
    return TypingNotice{fields.id<ThreadId>("threadId"), true};
}

Command read_typing_stop(Fields& fields) {
    return TypingNotice{fields.id<ThreadId>("threadId"), false};
}

Command read_mark(Fields& fields) {
    MarkRead mark;
    mark.thread = fields.id<ThreadId>("threadId");
    mark.seq = fields.integer("seq");
    return mark;
}

Command read_presence_set(Fields& fields) {
    const auto presence = model::parse_presence(fields.text("presence"));
    if (!presence) fields.refuse(Errc::bad_request, "presence has to be online, away or dnd");
    return SetPresence{presence.value_or(model::Presence::online)};
}

Command read_presence_watch(Fields& fields) {
    WatchPresence watch;
    for (const model::Uuid& user : fields.uuids("userIds", model::limits::watched_users_max)) {
        watch.users.push_back(model::UserId{user});
    }
    return watch;
}

Command read_ping(Fields&) { return Ping{}; }

using Reader = Command (*)(Fields&);

constexpr std::size_t type_count = 15;
// The most frequent first.
constexpr std::array<std::string_view, type_count> types = {
    "message:send",
    "typing:start",
    "typing:stop",
    "read:mark",
    "ping",
    "thread:join",
    "thread:leave",
    "message:edit",
    "message:delete",
    "reaction:add",
    "reaction:remove",
    "presence:set",
    "presence:watch",
    "auth:refresh",
    "connect",
};

constexpr std::array<Reader, type_count> readers = {
    read_message_send,
    read_typing_start,
    read_typing_stop,
    read_mark,
    read_ping,
    read_join,
    read_leave,
    read_message_edit,
    read_message_delete,
    read_reaction_add,
    read_reaction_remove,
    read_presence_set,
    read_presence_watch,
    read_refresh,
    read_connect,
};

Reader find_reader(const boost::json::object& object) {
    const auto* value = object.if_contains("type");
    const auto* type = value != nullptr ? value->if_string() : nullptr;
    if (type == nullptr) return nullptr;
    const auto* found =
        std::find(types.begin(), types.end(), std::string_view(type->data(), type->size()));
    return found != types.end() ? readers[static_cast<std::size_t>(found - types.begin())]
                                : nullptr;
}

/// The client's `id`, to be answered as `re`; or why it is none.
Result<std::optional<std::string>> read_id(const boost::json::object& object) {
    const auto* value = object.if_contains("id");
    if (value == nullptr) return std::optional<std::string>();
    const auto* id = value->if_string();
    if (id == nullptr) return Error{Errc::bad_request, "id has to be a string", {}};
    if (id->size() > model::limits::request_id_bytes_max) {
        const auto bytes_max = std::to_string(model::limits::request_id_bytes_max);
        return Error{Errc::too_large, "id has at most " + bytes_max + " bytes", {}};
    }
    return std::optional(std::string(id->data(), id->size()));
}

Result<Command> read_command(const boost::json::object& object, Reader read) {
    Fields fields(object);
    fields.skip("type");
    fields.skip("id");
    Command command = read(fields);
    if (auto trouble = fields.trouble()) return *std::move(trouble);
    return command;
}

Request malformed(Error error) {
    return Request{.id = std::nullopt, .command = std::move(error), .malformed = true};
}

}  // namespace

Request parse_request(std::string_view text) {
    const Json json(text);
    const auto* object = json.object();
    if (object == nullptr) {
        return malformed(json.refused().value_or(Error{
            Errc::bad_request, "the text is no JSON object", {}}));
    }
    const Reader read = find_reader(*object);
    Request request = malformed(Error{Errc::bad_request, "type is none that is known", {}});
    request.malformed = read == nullptr;
    auto id = read_id(*object);
    if (id) request.id = *id;
    if (json.refused()) {
        request.command = *json.refused();
    } else if (!id) {
        request.command = id.error();
    } else if (read != nullptr) {
        request.command = read_command(*object, read);
    }
    return request;
}

std::span<const std::string_view> command_types() { return types; }

}  // namespace banter::api::wire
