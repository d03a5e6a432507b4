#include "net/shards.hpp"

#include "base/check.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>

namespace banter::net {

namespace {

std::size_t descriptors_max() {
    rlimit descriptors{};
    const bool known = getrlimit(RLIMIT_NOFILE, &descriptors) == 0;
    if (!known || descriptors.rlim_cur == RLIM_INFINITY) return 1'000'000;
    return static_cast<std::size_t>(descriptors.rlim_cur);
}

}  // namespace

namespace {

std::vector<int> usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> cores;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(static_cast<std::size_t>(core), &set)) cores.push_back(core);
    }
    return cores;
}

}  // namespace

Shards::Shards(std::size_t count, const Limits& limits) {
    CHECK(count > 0);
    Limits each = limits;
    each.outgoing_calls_max = outgoing_calls_allowed(limits, count);
    for (std::size_t index = 0; index < count; ++index) {
        shards_.push_back(std::make_unique<Shard>(index, each));
    }
}

void Shards::start(bool pinned) {
    const std::vector<int> cores = pinned ? usable_cores() : std::vector<int>{};
    for (std::size_t index = 0; index < shards_.size(); ++index) {
        shards_[index]->start(cores.empty() ? -1 : cores[index % cores.size()]);
    }
}

void Shards::stop() {
    for (auto& shard : shards_) shard->stop();
}

Loops Shards::loops() {
    Loops loops;
    for (auto& shard : shards_) loops.push_back(shard->executor());
    return loops;
}

std::size_t downloads_allowed() {
    constexpr std::size_t share = 16;
    return descriptors_max() / share;
}

std::size_t outgoing_calls_allowed(const Limits& limits, std::size_t shards) {
    constexpr std::size_t share = 8;
    return std::min(limits.outgoing_calls_max, descriptors_max() / share / shards);
}

std::size_t sessions_allowed(const Limits& limits, std::size_t shards) {
    if (limits.sessions_max > 0) return limits.sessions_max;
    const std::size_t reserve = limits.descriptors_reserved + downloads_allowed() +
                                shards * outgoing_calls_allowed(limits, shards);
    const std::size_t all = descriptors_max();
    return all > 2 * reserve ? all - reserve : all / 2;
}

}  // namespace banter::net
