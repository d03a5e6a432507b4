// Calls to be made when the present turn of a shard has done what was ready.
#pragma once

#include "net/shard.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace banter::app {

class TurnEndCalls final : private net::TurnEnd {
public:
    explicit TurnEndCalls(net::Shard& shard) : shard_(shard) {}

    /// On the shard.
    void add(std::function<void()> call) {
        calls_.push_back(std::move(call));
        shard_.at_turn_end(*this, net::TurnEnd::Phase::submit);
    }

private:
    void on_turn_end() override {
        const std::vector<std::function<void()>> calls = std::exchange(calls_, {});
        for (const auto& call : calls) call();
    }

    net::Shard& shard_;
    std::vector<std::function<void()>> calls_;
};

}  // namespace banter::app
