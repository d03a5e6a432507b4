// What is said of a server that is away: that it has gone, that it is back, and meanwhile once a
// minute that it is still away, however many links miss it, and how often.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace banter::postgres {

/// Decides what is worth saying. Pure.
class OutageNews {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::minutes pause{1};

    /// A link could not be made. Whether that is to be said.
    [[nodiscard]] bool begins(Time now) {
        if (said_at_ && now - *said_at_ < pause) return false;
        said_at_ = now;
        said_ = true;
        return true;
    }
    /// A link was made. Whether that is to be said.
    [[nodiscard]] bool ends() { return std::exchange(said_, false); }

private:
    std::optional<Time> said_at_;
    bool said_ = false;
};

/// For the links of all loops; lives on one of them.
class Outage {
public:
    explicit Outage(Executor home) : home_(std::move(home)) {}

    /// From any loop: a link could not be made, or was.
    void begins(std::string why) {
        const auto now = std::chrono::steady_clock::now();
        asio::post(home_, [news = news_, why = std::move(why), now] {
            if (!news->begins(now)) return;
            log::warning("PostgreSQL is away", {{"why", std::string_view(why)}});
        });
    }
    void ends() {
        asio::post(home_, [news = news_] {
            if (news->ends()) log::info("PostgreSQL is back");
        });
    }

private:
    Executor home_;
    /// Touched at home alone, where it may be for a moment longer than this.
    std::shared_ptr<OutageNews> news_ = std::make_shared<OutageNews>();
};

}  // namespace banter::postgres
