#include "service/users.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/account_permissions.hpp"
#include "service/refusals.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>

namespace banter::service {

namespace {

namespace limits = model::limits;

/// Longer than any name is a query that finds nothing.
constexpr std::size_t query_bytes_max = 4 * limits::name_code_points_max;

std::optional<Error> mistake_in(const model::UserStatus& status, Timestamp now) {
    if (!status.emoji.empty() && !model::is_emoji(status.emoji)) {
        return bad_request("status.emoji: one emoji, or nothing");
    }
    if (!model::is_storable_text(status.text) || model::has_controls(status.text)) {
        return bad_request("status.text: no control characters");
    }
    if (model::code_points(status.text) > limits::status_code_points_max) {
        return Error{Errc::too_large, "status.text: at most 100 characters"};
    }
    if (status.emoji.empty() && status.text.empty()) {
        return bad_request("status: an emoji or a text; null clears it");
    }
    if (status.expires_at && *status.expires_at <= now) {
        return bad_request("status.expiresAt: it is over");
    }
    return std::nullopt;
}

/// Gathers ids once each, up to the limit.
class Gathered {
public:
    void add(const model::UserId& user) {
        if (ids_.size() < limits::answer_users_max && seen_.insert(user).second)
            ids_.push_back(user);
    }

    void add_all(const std::vector<model::UserId>& users) {
        for (const model::UserId& user : users) add(user);
    }

    [[nodiscard]] std::vector<model::UserId> take() { return std::move(ids_); }

private:
    std::vector<model::UserId> ids_;
    boost::unordered_flat_set<model::UserId> seen_;
};

/// In the order of `ids`; stops before the bytes pass `bytes_max`.
std::vector<model::User> first_within(
    std::vector<model::User> users,
    const std::vector<model::UserId>& ids,
    std::size_t bytes_max
) {
    boost::unordered_flat_map<model::UserId, std::size_t> places;
    for (std::size_t i = 0; i < users.size(); ++i) places.emplace(users[i].id, i);
    std::vector<model::User> first;
    std::size_t bytes = 0;
    for (const model::UserId& id : ids) {
        const auto place = places.find(id);
        if (place == places.end()) continue;
        bytes += wire_size_bound(users[place->second]);
        if (bytes > bytes_max) break;
        first.push_back(std::move(users[place->second]));
        places.erase(place);
    }
    return first;
}

}  // namespace

std::optional<Error> mistake_in(const model::ProfileChange& change, Timestamp now) {
    if (change.handle && !model::is_handle(*change.handle)) {
        return bad_request("handle: 2 to 32 of a to z, 0 to 9, dot, underscore and hyphen");
    }
    const auto& name = change.display_name;
    if (name && (!model::is_storable_text(*name) || !model::is_name(*name))) {
        return bad_request("displayName: 1 to 80 characters, no control characters");
    }
    const auto& avatar = change.avatar_url;
    if (avatar && *avatar && (*avatar)->size() > limits::avatar_url_bytes_max) {
        return Error{Errc::too_large, "avatarUrl: at most 2,048 bytes"};
    }
    if (avatar && *avatar && !model::is_https_url(**avatar)) {
        return bad_request("avatarUrl: a link by https");
    }
    if (change.status && *change.status) return mistake_in(**change.status, now);
    return std::nullopt;
}

std::vector<model::UserId> named_ids(const std::vector<model::Message>& messages) {
    Gathered gathered;
    for (const model::Message& message : messages) gathered.add(message.author);
    for (const model::Message& message : messages) gathered.add_all(message.mentions);
    for (const model::Message& message : messages) {
        for (const model::Reaction& reaction : message.reactions) gathered.add_all(reaction.users);
    }
    return gathered.take();
}

std::size_t wire_size_bound(const model::User& user) {
    // Member names, the id and a time; texts have quotes and backslashes escaped, a status maybe
    // control characters.
    constexpr std::size_t envelope_bytes = 256;
    std::size_t size = envelope_bytes + user.handle.size() + 2 * user.display_name.size();
    if (user.avatar_url) size += 2 * user.avatar_url->size();
    if (user.status) size += 6 * (user.status->emoji.size() + user.status->text.size());
    return size;
}

Task<std::vector<model::User>> Users::named_in(
    Caller caller,
    std::vector<model::Message> messages
) {
    auto ids = named_ids(messages);
    co_return co_await find_within(std::move(caller), std::move(ids), limits::answer_bytes_max);
}

Task<std::vector<model::User>> Users::find_within(
    Caller caller,
    std::vector<model::UserId> ids,
    std::size_t bytes_max
) {
    if (ids.empty()) co_return std::vector<model::User>{};
    auto users = co_await storage_.users.find_all(caller.workspace, ids);
    co_return first_within(std::move(users), ids, bytes_max);
}

Task<std::vector<model::User>> Users::find_all(Caller caller, std::vector<model::UserId> ids) {
    if (ids.empty()) co_return std::vector<model::User>{};
    if (permissions::finds_only_acquainted(caller)) {
        co_return co_await storage_.people.find_acquainted(
            caller.workspace, caller.user, std::move(ids)
        );
    }
    co_return co_await storage_.users.find_all(caller.workspace, std::move(ids));
}

Task<Result<model::User>> Users::find(Caller caller, model::UserId user) {
    std::vector<model::UserId> ids{user};
    auto found = co_await find_all(std::move(caller), std::move(ids));
    if (found.empty()) co_return no_such_user();
    co_return std::move(found.front());
}

Task<Result<model::Page<model::User>>> Users::search(
    Caller caller,
    std::string query,
    model::PageRequest page
) {
    if (!model::is_storable_text(query)) co_return bad_request("q: no valid text");
    if (query.size() > query_bytes_max) co_return model::Page<model::User>{};
    storage::UserSearch search{
        .workspace = caller.workspace,
        .viewer = caller.user,
        .query = std::move(query),
        .shows_deactivated = permissions::finds_deactivated(caller),
        .only_acquainted = permissions::finds_only_acquainted(caller),
    };
    co_return co_await storage_.people.search(std::move(search), std::move(page));
}

Task<Result<model::User>> Users::change_profile(Caller caller, model::ProfileChange change) {
    if (auto mistake = mistake_in(change, clock_.now())) co_return *std::move(mistake);
    storage::ProfileChange asked{caller.workspace, caller.user, std::move(change)};
    co_return co_await storage_.people.change_profile(std::move(asked));
}

Task<Result<model::User>> Users::change(
    Caller caller,
    model::UserId user,
    model::UserChange change
) {
    // Whom the caller can't see isn't there, whatever the caller may do.
    const auto seen = co_await find(caller, user);
    if (!seen) co_return seen.error();
    storage::UserRule rule = [caller, change](const model::UserState& state) {
        return permissions::may_change_user(caller, state, change);
    };
    const storage::UserChange asked{
        .workspace = caller.workspace,
        .user = user,
        .change = change,
        .now = clock_.now(),
        .by = storage::ActingUser{caller.user, caller.role},
    };
    co_return co_await storage_.people.change_user(asked, std::move(rule));
}

}  // namespace banter::service
