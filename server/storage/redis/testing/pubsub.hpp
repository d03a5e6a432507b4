// A publisher and a subscriber on a loop of their own, for tests against real servers.
#pragma once

#include "base/testing/run.hpp"
#include "storage/redis/publisher.hpp"
#include "storage/redis/subscriber.hpp"
#include "storage/redis/testing/faulty_network.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::redis {

/// As `--redis` takes it, from the environment.
inline RedisOptions options_in(const char* variable) {
    const char* url = std::getenv(variable);
    if (url == nullptr) throw std::runtime_error(std::string(variable) + " is not set");
    return parse_options(url).value();
}

class PubSub {
public:
    using Strings = std::vector<std::string>;

    enum class Way { straight, through_network };

    /// answer  how long Redis may take: short where it is made to stand still
    explicit PubSub(
        RedisOptions where,
        Way way = Way::straight,
        std::chrono::seconds answer = std::chrono::seconds(10)
    )
        : options(std::move(where)), times{answer, answer} {
        if (way == Way::through_network) options.places = {network.place()};
        publisher.start();
        subscriber.start();
        until_up();
    }
    ~PubSub() {
        testing::run(loop, publisher.stop());
        testing::run(loop, subscriber.stop());
    }

    /// Turns the loop until it is so.
    void until(const std::function<bool()>& is_so) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!is_so()) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited in vain";
            loop.restart();
            loop.run_one_for(std::chrono::milliseconds(10));
        }
    }
    void until_up() {
        until([this] { return publisher.is_up() && subscriber.is_up(); });
    }
    bool confirm(std::string channel, std::chrono::milliseconds within = std::chrono::seconds(30)) {
        return testing::run(loop, subscriber.confirmed(std::move(channel), within));
    }
    void want_confirmed(const std::string& channel) {
        subscriber.want(channel);
        ASSERT_TRUE(confirm(channel)) << channel;
    }
    /// Publishes again and again until it is heard: nothing was promised of the first ones.
    void until_heard(const std::string& channel, const std::string& bytes) {
        const std::string expected = channel.substr(prefix.size()) + "=" + bytes;
        until([&] {
            publisher.publish(channel, bytes);
            for (const std::string& one : heard) {
                if (one == expected) return true;
            }
            return false;
        });
    }
    [[nodiscard]] std::string channel(const std::string& name) const { return prefix + name; }

    asio::io_context loop{1};
    Offload resolving{1, 100};
    RedisOptions options;
    /// To the first place.
    FaultyNetwork network{loop, options.places.front().port};
    Times times;
    Lifeline::Parts parts{
        options,
        resolving,
        times,
        {std::chrono::milliseconds(10), std::chrono::milliseconds(50)}};
    std::string prefix = "banter-test:" + std::to_string(::getpid()) + ":";
    Strings heard;
    std::size_t anew = 0;
    Publisher publisher{loop.get_executor(), parts};
    Subscriber subscriber{
        loop.get_executor(),
        parts,
        [this](std::string_view from, std::string_view bytes) {
            heard.push_back(std::string(from.substr(prefix.size())) + "=" + std::string(bytes));
        },
        [this] { ++anew; }};
};

}  // namespace banter::redis
