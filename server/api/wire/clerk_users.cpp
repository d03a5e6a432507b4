#include "api/wire/clerk_users.hpp"

#include "api/wire/json.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace banter::api::wire {

namespace json = boost::json;

namespace {

bool is_true(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

bool is_false(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    return value != nullptr && value->is_bool() && !value->get_bool();
}

/// Of what is read: a list of memberships, its data, one of them, and its user.
constexpr std::size_t levels_read = 4;

/// Where the string that begins at `at` has ended.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
}

void add_user(const json::object* object, std::vector<service::ClerkUser>& users) {
    auto user = object != nullptr ? read_clerk_user(*object) : std::nullopt;
    if (user) users.push_back(*std::move(user));
}

}  // namespace

std::string without_depths(std::string_view text) {
    std::string kept;
    std::size_t level = 0;
    std::size_t from = 0;  // what follows is not in `kept` yet
    std::size_t at = 0;
    while (at < text.size()) {
        const char letter = text[at];
        const bool opens = letter == '{' || letter == '[';
        const bool closes = letter == '}' || letter == ']';
        if (opens && level++ == levels_read)
            kept.append(text.substr(from, at - from)).append("null");
        if (closes && level > 0 && --level == levels_read) from = at + 1;
        at = letter == '"' ? end_of_string(text, at) : at + 1;
    }
    if (level <= levels_read) kept.append(text.substr(from));
    return kept;
}

const json::object* clerk_object_in(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    return value != nullptr ? value->if_object() : nullptr;
}

std::optional<std::string> clerk_text_of(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    const json::string* const text = value != nullptr ? value->if_string() : nullptr;
    if (text == nullptr || text->empty()) return std::nullopt;
    std::string found(text->data(), text->size());
    return model::is_storable_text(found) ? std::optional(std::move(found)) : std::nullopt;
}

std::optional<std::string> clerk_id_of(const json::object& object, std::string_view name) {
    auto id = clerk_text_of(object, name);
    if (id && id->size() > model::limits::claim_bytes_max) return std::nullopt;
    return id;
}

std::optional<Timestamp> clerk_time_of(const json::object& object, std::string_view name) {
    constexpr std::int64_t max = std::int64_t{1} << 48;
    const json::value* const value = object.if_contains(name);
    const std::int64_t* const number = value != nullptr ? value->if_int64() : nullptr;
    if (number == nullptr || *number < 0 || *number > max) return std::nullopt;
    return Timestamp(std::chrono::milliseconds(*number));
}

std::optional<service::ClerkUser> read_clerk_user(const json::object& data) {
    auto subject = clerk_id_of(data, "id");
    const auto updated_at = clerk_time_of(data, "updated_at");
    if (!subject || !updated_at) return std::nullopt;
    service::ClerkUser user;
    user.subject = *std::move(subject);
    user.first_name = clerk_text_of(data, "first_name");
    user.last_name = clerk_text_of(data, "last_name");
    user.username = clerk_text_of(data, "username");
    // Without one of their own, users have a picture that Clerk makes of their initials.
    if (!is_false(data, "has_image")) user.picture = clerk_text_of(data, "image_url");
    user.banned = is_true(data, "banned");
    user.updated_at = *updated_at;
    return user;
}

std::optional<std::vector<service::ClerkUser>> read_clerk_users(std::string_view body) {
    const Json text(without_depths(body));
    const json::array* list = text.array();
    std::vector<service::ClerkUser> users;
    if (const json::object* const object = text.object()) {
        const json::value* const data = object->if_contains("data");
        if (data != nullptr) list = data->if_array();
        if (clerk_text_of(*object, "object") == "user") {
            add_user(object, users);
            return users;
        }
    }
    if (list == nullptr) return std::nullopt;
    for (const json::value& value : *list) add_user(value.if_object(), users);
    return users;
}

std::optional<ClerkMembership> read_clerk_membership(const json::object& data) {
    const json::object* const organization = clerk_object_in(data, "organization");
    const json::object* const user = clerk_object_in(data, "public_user_data");
    auto id = organization != nullptr ? clerk_id_of(*organization, "id") : std::nullopt;
    auto subject = user != nullptr ? clerk_id_of(*user, "user_id") : std::nullopt;
    if (!id || !subject) return std::nullopt;
    return ClerkMembership{*std::move(id), *std::move(subject)};
}

std::optional<service::ClerkMember> read_clerk_member(const json::object& data) {
    auto whose = read_clerk_membership(data);
    auto role = clerk_text_of(data, "role");
    const auto updated_at = clerk_time_of(data, "updated_at");
    if (!whose || !role || !updated_at) return std::nullopt;
    service::ClerkMember member;
    member.organization = std::move(whose->organization);
    member.subject = std::move(whose->subject);
    member.role = *std::move(role);
    member.updated_at = *updated_at;
    return member;
}

std::optional<ClerkMembers> read_clerk_members(std::string_view body) {
    const Json text(without_depths(body));
    const json::object* const object = text.object();
    const json::value* const data = object != nullptr ? object->if_contains("data") : nullptr;
    const json::array* const list = data != nullptr ? data->if_array() : nullptr;
    if (list == nullptr) return std::nullopt;
    ClerkMembers read;
    for (const json::value& value : *list) {
        const json::object* const one = value.if_object();
        auto member = one != nullptr ? read_clerk_member(*one) : std::nullopt;
        if (member)
            read.members.push_back(*std::move(member));
        else
            read.whole = false;
    }
    return read;
}

bool says_not_found(std::string_view body) {
    const Json text(without_depths(body));
    const json::object* const object = text.object();
    const json::value* const value = object != nullptr ? object->if_contains("errors") : nullptr;
    const json::array* const errors = value != nullptr ? value->if_array() : nullptr;
    return errors != nullptr && std::ranges::any_of(*errors, [](const json::value& error) {
               const json::object* const one = error.if_object();
               return one != nullptr && clerk_text_of(*one, "code") == "resource_not_found";
           });
}

}  // namespace banter::api::wire
