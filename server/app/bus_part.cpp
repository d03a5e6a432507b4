#include "app/bus_part.hpp"

#include "storage/redis/pub_sub.hpp"
#include "storage/redis/start_check.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <limits>
#include <stdexcept>
#include <utility>

namespace banter::app {

namespace {

/// For names of hosts, which block.
constexpr std::size_t resolving_threads = 1;
constexpr std::size_t resolving_waiting_max = 16;

/// Transactions of a database on a server commit beside each other, and what they tell may
/// overtake. All of it comes, but for what a commit told that was cut, and whoever sends has to be
/// answered before the log tells of the message: so it is asked late.
memory::OrderLimits order_limits_of(const Config& config) {
    memory::OrderLimits limits;
    if (config.database_on_server()) limits.patience = std::chrono::seconds(1);
    return limits;
}

std::optional<redis::RedisOptions> redis_of(const Config& config) {
    if (config.redis.empty()) return std::nullopt;
    if (!config.database_on_server()) {
        throw std::runtime_error(
            "--redis is for several servers of one database, and a file has only one: give "
            "--database postgresql://… too, or leave --redis out"
        );
    }
    auto options = redis::parse_options(config.redis);
    if (!options) throw std::runtime_error("--redis " + options.error().detail);
    return *std::move(options);
}

}  // namespace

BusPart::BusPart(
    const Config& config,
    const Loops& loops,
    const Clock& clock,
    Random& random,
    metrics::Registry& registry
)
    : first_loop_(loops.front()),
      local_(loops, clock, order_limits_of(config)),
      redis_(redis_of(config)),
      resolving_(resolving_threads, resolving_waiting_max) {
    if (!redis_) return;
    redis::require_suitable(*redis_, nodes::Channels::example());
    const redis::Lifeline::Parts line{*redis_, resolving_, {}, {}};
    pub_sub_ = std::make_unique<redis::RedisPubSub>(first_loop_, line);
    const storage::NodeId self = random.below(std::numeric_limits<storage::NodeId>::max());
    const nodes::NodeBus::Parts parts{local_, *pub_sub_, first_loop_, self, registry};
    node_ = std::make_unique<nodes::NodeBus>(parts);
    cache_ = std::make_unique<redis::RedisCache>(first_loop_, line, redis::RedisCache::Times{});
}

BusPart::~BusPart() = default;

storage::EventBus& BusPart::bus() {
    if (node_) return *node_;
    return local_;
}

void BusPart::set_installation(std::string_view epoch, std::function<void()> anew) {
    if (!node_) return;
    const nodes::Channels channels(epoch);
    cache_->set_prefix(channels.cache());
    node_->set_installation(channels, std::move(anew));
}

void BusPart::start() {
    if (!node_) return;
    cache_->start();
    node_->start();
}

Task<> BusPart::stop() {
    auto others = stop_others();
    if (pub_sub_) co_await asio::co_spawn(first_loop_, std::move(others), use_task);
    co_await local_.stop();
}

Task<> BusPart::stop_others() {
    co_await cache_->stop();
    co_await pub_sub_->stop();
}

}  // namespace banter::app
