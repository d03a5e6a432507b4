#include "service/users.hpp"

#include "model/limits.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>

namespace banter::service {

namespace {

namespace limits = model::limits;

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
    if (caller.role == model::WorkspaceRole::guest) {
        std::erase_if(ids, [&](const model::UserId& id) { return id != caller.user; });
    }
    if (ids.empty()) co_return std::vector<model::User>{};
    co_return co_await storage_.users.find_all(caller.workspace, std::move(ids));
}

}  // namespace banter::service
