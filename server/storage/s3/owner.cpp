#include "storage/s3/owner.hpp"

#include "base/text.hpp"

#include <optional>
#include <utility>

namespace banter::s3 {

namespace {

/// Reads and writes in turn; more are needed only while another server does the same.
constexpr int tries_max = 3;

Operation on_owner(const Endpoint& endpoint, std::string method) {
    Operation operation;
    operation.doing = "looking whose files these are";
    operation.method = std::move(method);
    operation.key = endpoint.options().prefix + std::string(owner_name);
    return operation;
}

Task<std::optional<std::string>> load_owner(Endpoint& endpoint) {
    Operation get = on_owner(endpoint, "GET");
    get.may_be_missing = true;
    const Answer answer = co_await endpoint.ask(std::move(get));
    if (answer.status == 404) co_return std::nullopt;
    co_return std::string(trimmed(answer.body));
}

/// fresh: only if there is none, where the service can tell.
Task<> store_owner(Endpoint& endpoint, std::string owner, bool fresh) {
    Operation put = on_owner(endpoint, "PUT");
    put.body = owner;
    put.headers.push_back({"content-type", "text/plain"});
    if (fresh) {
        put.headers.push_back({"if-none-match", "*"});
        // Another was faster; or such conditions aren't known here.
        put.accepted = {200, 409, 412, 501};
    }
    const Answer answer = co_await endpoint.ask(std::move(put));
    if (answer.status == 501) co_await store_owner(endpoint, std::move(owner), false);
}

}  // namespace

Task<bool> claim_prefix(Endpoint& endpoint, std::string owner, bool take_over) {
    for (int tries = 0; tries < tries_max; ++tries) {
        // Also after writing: where conditions aren't known, the last one to write wins.
        const auto found = co_await load_owner(endpoint);
        if (found == owner) co_return true;
        if (found && !take_over) co_return false;
        co_await store_owner(endpoint, owner, !found);
    }
    throw StorageFailure(
        Errc::storage_unavailable, "whose files these are can't be kept at S3, or others change it"
    );
}

}  // namespace banter::s3
