// The whole server, built bottom-up and stopped top-down. The order of the members is the wiring
// diagram.
#pragma once

#include "api/http/web_app.hpp"
#include "app/bus_part.hpp"
#include "app/clerk_backend.hpp"
#include "app/clerk_part.hpp"
#include "app/comparison.hpp"
#include "app/config.hpp"
#include "app/control.hpp"
#include "app/database_part.hpp"
#include "app/file_parts.hpp"
#include "app/oidc_part.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "net/server.hpp"
#include "net/shards.hpp"
#include "service/checked_signatures.hpp"
#include "service/files.hpp"
#include "service/local_issuer.hpp"
#include "service/read_marks.hpp"
#include "service/tokens.hpp"
#include "storage/memory/presence_store.hpp"
#include "storage/memory/rate_limiter.hpp"
#include "storage/nodes/state_exchange.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banter::app {

class Part;
class TurnEndCalls;

class Application {
public:
    /// Opens the database and makes everything; no port is open yet.
    /// Throws std::exception with a sentence for the operator.
    explicit Application(const Config& config);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Opens the port and serves. Throws std::exception with a sentence for the operator.
    void start();
    /// Where a browser on this machine finds it, such as "http://127.0.0.1:8080".
    [[nodiscard]] std::string address() const;

    /// With what the owner is made, while there is none and others than this machine are listened
    /// to.
    [[nodiscard]] std::optional<std::string> setup_code();

    /// Refuses what is new, finishes and answers what was accepted, tells the sockets when to come
    /// back, ends everything. Returns within Config::drain_within and a few seconds.
    void stop();

private:
    /// Shards run before anything posts to them, and end last.
    class RunningShards {
    public:
        RunningShards(std::size_t count, const net::Limits& limits);
        ~RunningShards() { shards.stop(); }
        net::Shards shards;
    };

    [[nodiscard]] std::vector<std::unique_ptr<TurnEndCalls>> make_turn_ends();
    [[nodiscard]] sqlite::SqliteOptions sqlite_options();
    void make_issuers();
    void make_parts();
    void make_comparison();
    void start_with_other_nodes();
    [[nodiscard]] std::size_t home_of(std::size_t hash);
    [[nodiscard]] std::unique_ptr<net::http::Application> make_http(std::size_t shard);
    void deliver(const model::SharedEvent& event);
    void broadcast(const model::SharedEvent& event);
    /// Runs `work` on every shard and waits for it. False: somewhere it did not end in time.
    std::future<void> run_on_first(Task<> work);
    bool on_every_part(Task<> (*work)(Part& part), std::chrono::milliseconds within);

    Config config_;
    std::optional<std::string> metrics_token_;
    SystemClock clock_;
    SystemRandom random_;
    metrics::Registry registry_;
    net::Limits limits_;
    RunningShards running_;
    std::vector<std::unique_ptr<TurnEndCalls>> turn_ends_;
    BusPart bus_part_;
    storage::EventBus& bus_;
    DatabasePart database_;
    service::LocalIssuer issuer_;
    std::string setup_code_;
    ClerkPart clerk_;
    service::CheckedSignatures checked_signatures_;
    OidcPart oidc_;
    /// For each shard.
    std::vector<service::Issuers> issuers_;
    memory::LocalRateLimiter rates_;
    /// Nothing: Clerk is not asked for its users.
    std::optional<ClerkBackend> clerk_backend_;
    memory::LocalPresence presence_;
    /// With other nodes; null: none are told.
    std::optional<nodes::StateExchange> exchange_;
    Offload offload_;
    Offload compressing_;
    FileParts files_;
    service::FileRules file_rules_;
    Budget downloads_{net::downloads_allowed()};
    api::http::WebApp web_app_;
    Sharded<service::WaitingMarks> waiting_marks_;
    net::Server server_;
    /// Not with a database on a server.
    std::optional<Control> control_;
    std::vector<std::unique_ptr<Part>> parts_;
    /// Where other nodes may write to the same database.
    std::optional<Comparison> comparison_;
    bool started_ = false;
};

}  // namespace banter::app
