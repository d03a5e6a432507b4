#include "net/shards.hpp"

#include "base/check.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>

namespace banter::net {

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
    for (std::size_t index = 0; index < count; ++index) {
        shards_.push_back(std::make_unique<Shard>(index, limits));
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

bool SessionBudget::take() {
    if (left_.fetch_sub(1, std::memory_order_relaxed) > 0) return true;
    give_back();
    return false;
}

std::size_t sessions_allowed(const Limits& limits) {
    if (limits.sessions_max > 0) return limits.sessions_max;
    rlimit descriptors{};
    if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) {
        return 1'000'000;
    }
    const auto open_max = static_cast<std::size_t>(descriptors.rlim_cur);
    return open_max > 2 * limits.descriptors_reserved ? open_max - limits.descriptors_reserved
                                                      : open_max / 2;
}

}  // namespace banter::net
