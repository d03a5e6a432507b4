#include "service/identities.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace banter::service {

namespace {

namespace limits = model::limits;

/// The nearest handle to what an issuer calls a user: lower case, everything else left out.
std::string handle_from(const Claims& claims) {
    std::string handle;
    for (const char letter : claims.username.value_or(claims.name.value_or(""))) {
        const bool upper = letter >= 'A' && letter <= 'Z';
        const char lower = static_cast<char>(upper ? letter - 'A' + 'a' : letter);
        if (lower == ' ' && !handle.empty()) handle += '-';
        if (model::is_handle(std::string(2, lower))) handle += lower;
        if (handle.size() == limits::handle_bytes_max) break;
    }
    return model::is_handle(handle) ? handle : "user";
}

bool is_letter_or_digit(char character) {
    const char lower = static_cast<char>(character | 0x20);
    return (lower >= 'a' && lower <= 'z') || (character >= '0' && character <= '9');
}

/// An issuer may say nothing of its users but who they are to it.
std::string display_name_from(const Claims& claims) {
    for (const auto* name : {&claims.name, &claims.username}) {
        if (*name && model::is_name(**name)) return **name;
    }
    constexpr std::size_t shown = 4;
    const std::size_t size = claims.subject.size();
    const std::string end = claims.subject.substr(size - std::min(size, shown));
    return std::ranges::all_of(end, is_letter_or_digit) ? "User " + end : "User";
}

}  // namespace

Identities::Identities(
    storage::Storage& storage,
    const storage::Installation& installation,
    const Clock& clock,
    model::IdMaker& ids
)
    : storage_(storage), installation_(installation), clock_(clock), ids_(ids) {}

Task<std::optional<storage::KnownCaller>> Identities::find(const Claims& claims) {
    storage::Identity identity{claims.issuer, claims.subject};
    const Timestamp issued_at = claims.issued_at;
    auto known =
        co_await storage_.users.find_by_identity(installation_.workspace.id, std::move(identity));
    const bool begins_anew = known && known->user.deleted_at && issued_at > *known->user.deleted_at;
    if (begins_anew) known.reset();
    co_return known;
}

Task<storage::KnownCaller> Identities::make(const Claims& claims) {
    storage::NewIdentity made = identity_of(claims);
    made.handle = handle_from(claims);
    made.display_name = display_name_from(claims);
    co_return co_await storage_.users.provision(std::move(made));
}

Task<storage::KnownCaller> Identities::make_local(const Claims& claims, std::string handle) {
    storage::NewIdentity made = identity_of(claims);
    made.handle = handle;
    made.display_name = std::move(handle);
    made.bind_local_handle = true;
    co_return co_await storage_.users.provision(std::move(made));
}

storage::NewIdentity Identities::identity_of(const Claims& claims) {
    return {
        .identity = {claims.issuer, claims.subject},
        .workspace = installation_.workspace.id,
        .id = ids_.make<model::UserId>(),
        .handle = {},
        .display_name = {},
        .created_at = clock_.now(),
        .issued_at = claims.issued_at,
    };
}

}  // namespace banter::service
