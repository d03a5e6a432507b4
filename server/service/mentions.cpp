#include "service/mentions.hpp"

#include "model/limits.hpp"

#include <algorithm>

namespace banter::service {

namespace {

constexpr std::size_t id_size = 36;

void add(storage::MentionCandidates& found, model::UserId user) {
    if (found.users.size() > model::limits::mentions_max) return;
    if (std::find(found.users.begin(), found.users.end(), user) != found.users.end()) return;
    found.users.push_back(user);
}

}  // namespace

storage::MentionCandidates mentions_in(std::string_view content) {
    storage::MentionCandidates found;
    for (auto at = content.find('<'); at != std::string_view::npos;
         at = content.find('<', at + 1)) {
        const std::string_view rest = content.substr(at + 1);
        if (rest.starts_with("!channel>") || rest.starts_with("!here>")) {
            found.all = true;
        } else if (rest.size() > id_size + 1 && rest.front() == '@' && rest[id_size + 1] == '>') {
            if (const auto user = model::UserId::parse(rest.substr(1, id_size))) add(found, *user);
        }
    }
    return found;
}

}  // namespace banter::service
