// What one shard has of its own: stores, services, hub and router over the process's database and
// bus.
#pragma once

#include "api/http/site.hpp"
#include "api/ws/activity_feed.hpp"
#include "api/ws/gateway.hpp"
#include "api/ws/hub.hpp"
#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "base/task_group.hpp"
#include "model/id.hpp"
#include "net/http/application.hpp"
#include "net/shard.hpp"
#include "service/departures.hpp"
#include "service/file_upkeep.hpp"
#include "service/services.hpp"
#include "storage/memory/lru_cache.hpp"
#include "storage/memory/thread_order.hpp"
#include "storage/sql/stores.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace banter::app {

class FileParts;

/// The process's parts that every shard uses.
struct Common {
    sql::Database& database;
    const storage::Installation& installation;
    storage::EventBus& bus;
    storage::RateLimiter& rates;
    storage::PresenceStore& presence;
    Offload& offload;
    Sharded<service::WaitingMarks>& waiting_marks;
    const service::LocalIssuer& issuer;
    /// For each shard.
    const std::vector<service::Issuers>& issuers;
    const service::OidcIssuers& oidc_issuers;
    const service::ClerkHookRules& clerk_hooks;
    const Clock& clock;
    metrics::Registry& registry;
    service::RegistrationRules registration_rules;
    storage::Rate sends;
    storage::Rate requests;
    /// For an address.
    storage::Rate failed_tokens;
    const service::FileRules& file_rules;
    FileParts& files;
    /// On the first shard: whether files have to stay for a backup.
    std::function<bool()> makes_backup;
    /// On the first shard, once a second. Whether this process does what one does for all.
    std::function<Task<bool>()> keep_database;
    std::size_t cache_bytes = 0;
    /// For what is still given out while the database is away; 0: it never is.
    std::size_t kept_bytes = 0;
    /// Null: there is none.
    storage::SharedCache* shared_cache = nullptr;
};

/// Made before the shard serves, used on the shard only.
class Part {
public:
    Part(const Common& common, net::Shard& shard);

    /// Begins the work that recurs.
    void start();
    /// From now on commands are refused; returns when those that were accepted have been answered.
    /// No request waits for the file of an upload then.
    [[nodiscard]] Task<> finish_commands();
    /// Ends the recurring work, and writes the read markers that wait.
    [[nodiscard]] Task<> stop();

    /// Whether somebody has to set this installation up.
    [[nodiscard]] Task<bool> needs_setup();
    /// Whether requests can be served: the database answers, and nothing is being ended.
    [[nodiscard]] Task<bool> ready();
    /// The HTTP edge, once it is known what this installation is reached by.
    [[nodiscard]] std::unique_ptr<net::http::Application> make_router(
        api::http::Site site,
        metrics::Registry& registry
    );
    /// Tells those of this shard whom it concerns.
    void deliver(const api::ws::Broadcast& broadcast);
    /// Ends what the revocation ends on this shard, unless that was done.
    void revoke(const model::Revocation& revocation);
    /// What has to be told of changes that no event told. Of very many only that they are: who was
    /// told of none of them joins again.
    [[nodiscard]] Task<memory::Missing> read_gap(memory::Gap gap);

private:
    /// Once a second.
    [[nodiscard]] Task<> keep_house();
    [[nodiscard]] Task<> feed_activity();
    /// On one shard, so that the operator is told soon; whoever needs it asks anew.
    [[nodiscard]] Task<> find_picture_library();
    /// Starts what recurs, unless the last one still runs.
    void begin(const char* name, bool& running, Task<> (Part::*work)());
    [[nodiscard]] Task<> write_read_marks();
    [[nodiscard]] Task<> refresh_reply_summaries();
    [[nodiscard]] Task<> renew_upload_claims();
    /// Acts on those in the database whose event did not come.
    [[nodiscard]] Task<> find_revocations();
    /// On one shard, again and again, each by itself: what holds one up is nothing to the others.
    [[nodiscard]] Task<> render_pictures();
    [[nodiscard]] Task<> remove_files();
    [[nodiscard]] Task<> sweep_files();
    [[nodiscard]] Task<> sweep_drafts();
    /// On one shard: clears away what deleted users leave behind.
    [[nodiscard]] Task<> see_off();
    [[nodiscard]] Task<> keep_database();
    void measure_memory();

    struct Recurring {
        bool running = false;
        Backoff backoff{std::chrono::seconds(64)};
    };
    struct Sweep {
        bool running = false;
        SteadyTime due;
    };
    /// If so it counts as failed until it has succeeded.
    [[nodiscard]] bool is_due(Recurring& recurring);
    /// If so it isn't again for some minutes, so that one that fails lists nothing in vain.
    [[nodiscard]] bool is_due(Sweep& sweep);

    /// banter_memory_bytes of this shard, by part.
    struct MemoryGauges {
        explicit MemoryGauges(metrics::Registry& registry);

        metrics::Gauge& connections;
        metrics::Gauge& hub;
        metrics::Gauge& cache;
    };

    net::Shard& shard_;
    const Clock& clock_;
    SystemRandom random_;
    model::IdMaker ids_;
    memory::LruCache cache_;
    sql::Stores stores_;
    storage::Storage storage_;
    FileParts& file_parts_;
    storage::FileStorage file_storage_;
    service::ReadMarks read_marks_;
    service::AccessTokens access_tokens_;
    service::Auth auth_;
    service::SignIns sign_ins_;
    service::Registration registration_;
    service::Invites invites_;
    service::Accounts accounts_;
    service::Departures departures_;
    service::Users users_;
    service::Bots bots_;
    service::OidcSignIns oidc_;
    service::ClerkHooks clerk_hooks_;
    service::Threads threads_;
    service::Messages messages_;
    service::FileLinks file_links_;
    service::Files files_;
    /// Makes files of uploads.
    TaskGroup completing_;
    service::Completions completions_;
    service::Uploads uploads_;
    service::FileUpkeep file_upkeep_;
    service::Typing typing_;
    service::Presences presences_;
    service::Requests requests_;
    service::FailedTokens failed_tokens_;

public:
    service::Services services;
    api::ws::Hub hub;
    api::ws::Gateway gateway;
    /// Of the threads whose home this shard is.
    api::ws::ActivityFeed activity;
    /// Set before `start`: brings what `activity` held back to every shard.
    std::function<void(const model::SharedEvent&)> tell_activity;

private:
    MemoryGauges memory_;
    std::optional<api::http::Site> site_;
    TaskGroup tasks_;
    bool writing_marks_ = false;
    bool refreshing_summaries_ = false;
    bool renewing_claims_ = false;
    Recurring rendering_;
    Recurring removing_;
    Sweep sweeping_files_;
    Sweep sweeping_drafts_;
    const service::FileRules& file_rules_;
    std::function<bool()> makes_backup_;
    std::function<Task<bool>()> keep_database_;
    bool keeping_database_ = false;
    bool does_chores_ = false;
    TaskGroup lookups_;
    TaskGroup departing_;
    bool stopping_ = false;
};

}  // namespace banter::app
