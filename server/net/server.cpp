#include "net/server.hpp"

#include "net/shard_server.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace banter::net {

namespace {

/// What of a drain's time is kept for cutting off.
constexpr std::chrono::milliseconds cut_off_time{2'000};

/// Calls `use()` on the shard and returns what it returns or throws.
template <typename Use>
std::future<std::invoke_result_t<Use&>> call_on(Shard& shard, Use use) {
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Use&>()>>(std::move(use));
    auto result = task->get_future();
    shard.post([task] { (*task)(); });
    return result;
}

}  // namespace

Server::Server(Shards& shards, const Limits& limits, metrics::Registry& registry)
    : shards_(shards), budget_(sessions_allowed(limits, shards.size())) {
    auto& deflate_readers = registry.gauge(
        "banter_deflate_sessions", "WebSocket sessions that agreed on permessage-deflate"
    );
    for (std::size_t index = 0; index < shards.size(); ++index) {
        parts_.push_back(
            std::make_unique<ShardServer>(shards[index], budget_, deflate_readers, registry)
        );
    }
}

Server::~Server() = default;

void Server::start(const Endpoint& endpoint, const ApplicationFactory& make_application) {
    auto acceptors = listen(endpoint, shards_.loops(), shards_[0].limits());
    port_ = acceptors.front().local_endpoint().port();
    for (std::size_t index = 0; index < parts_.size(); ++index) {
        auto begin = [&] {
            parts_[index]->start(std::move(acceptors[index]), make_application(index));
        };
        call_on(shards_[index], begin).get();
    }
}

websocket::Sessions& Server::sessions(std::size_t shard) { return parts_[shard]->sessions(); }

http::Application& Server::application(std::size_t shard) { return parts_[shard]->application(); }

template <typename Use>
void Server::on_every_shard(Use use) {
    for (auto& part : parts_) {
        part->shard().post([part = part.get(), use] { use(*part); });
    }
}

bool Server::drain(std::chrono::milliseconds within, const Farewell& farewell) {
    const auto began = std::chrono::steady_clock::now();
    const auto reserve = std::min(cut_off_time, within / 2);
    std::vector<std::future<void>> emptied;
    for (auto& part : parts_) {
        auto promise = std::make_shared<std::promise<void>>();
        emptied.push_back(promise->get_future());
        part->shard().post([part = part.get(), farewell, promise] {
            part->drain(farewell, [promise] { promise->set_value(); });
        });
    }
    const auto all_by = [&emptied](std::chrono::steady_clock::time_point deadline) {
        return std::all_of(emptied.begin(), emptied.end(), [deadline](const auto& one) {
            return one.wait_until(deadline) == std::future_status::ready;
        });
    };
    if (all_by(began + within - reserve)) return true;
    on_every_shard([](ShardServer& part) { part.cut_off(); });
    return all_by(began + within);
}

}  // namespace banter::net
