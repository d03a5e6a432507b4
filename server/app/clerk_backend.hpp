// The Backend API of Clerk over HTTP, and who is asked for there, made from the configuration.
#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "base/task_group.hpp"
#include "model/id.hpp"
#include "net/http/client.hpp"
#include "net/shards.hpp"
#include "service/clerk_directory.hpp"
#include "storage/rate_limiter.hpp"
#include "storage/sql/hook_store.hpp"
#include "storage/sql/identity_checks.hpp"
#include "storage/storage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace banter::app {

/// The secret key of an instance of Clerk.
struct ClerkKey {
    std::string text;
    /// Of a production instance, which may be asked more.
    bool live = false;
};

/// text: of the file that has it. Throws std::invalid_argument with the end of a sentence, in which
/// nothing of the key is.
[[nodiscard]] ClerkKey parse_clerk_key(std::string_view text);

class ClerkBackend {
public:
    struct Parts {
        net::Shards& shards;
        const Clock& clock;
        metrics::Registry& registry;
        sql::Database& database;
        const storage::Installation& installation;
        storage::RateLimiter& rates;
        /// Reads what is answered: a list of users may be long.
        Offload& offload;
    };

    /// Of a configuration with a secret key. Throws std::runtime_error with a sentence for the
    /// operator. Asks nobody.
    ClerkBackend(const Config& config, const Parts& parts);

    /// ClerkDirectory::see.
    void see(std::size_t shard, std::string_view subject) { directory_.see(shard, subject); }

    /// On the first loop: from now on Clerk is asked.
    void start();
    /// On the first loop. Waits for no answer.
    [[nodiscard]] Task<> stop();

private:
    [[nodiscard]] Task<service::ClerkAnswer> ask(service::ClerkQuestion question);
    [[nodiscard]] Task<> keep_going();

    ClerkKey key_;
    std::string api_;
    SystemRandom random_;
    model::IdMaker ids_;
    sql::SqlHookStore hooks_;
    sql::SqlIdentityCheckStore checks_;
    net::http::Client client_;
    Offload& offload_;
    service::ClerkDirectory directory_;
    bool stopping_ = false;
    Timer timer_;
    TaskGroup tasks_;
};

}  // namespace banter::app
