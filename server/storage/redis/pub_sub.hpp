// Publishes and subscribes at one Redis.
#pragma once

#include "storage/pub_sub.hpp"
#include "storage/redis/publisher.hpp"
#include "storage/redis/subscriber.hpp"

#include <string>
#include <string_view>

namespace banter::redis {

class RedisPubSub final : public storage::PubSub {
public:
    RedisPubSub(Executor loop, const Lifeline::Parts& parts)
        : publisher_(loop, parts),
          subscriber_(
              loop,
              parts,
              [this](std::string_view channel, std::string_view bytes) {
                  receiver_(channel, bytes);
              },
              [this] { anew_(); }
          ) {}

    void set_receiver(Receiver receiver, Anew anew) override {
        receiver_ = std::move(receiver);
        anew_ = std::move(anew);
    }

    void start() override {
        publisher_.start();
        subscriber_.start();
    }
    [[nodiscard]] Task<> stop() override {
        co_await publisher_.stop();
        co_await subscriber_.stop();
    }

    void publish(std::string_view channel, std::string_view bytes) override {
        publisher_.publish(channel, bytes);
    }
    void want(std::string_view channel) override { subscriber_.want(channel); }
    void unwant(std::string_view channel) override { subscriber_.unwant(channel); }
    [[nodiscard]] Task<bool> confirmed(std::string channel, std::chrono::milliseconds within)
        override {
        return subscriber_.confirmed(std::move(channel), within);
    }
    [[nodiscard]] bool is_up() const override { return publisher_.is_up() && subscriber_.is_up(); }

private:
    Receiver receiver_;
    Anew anew_;
    Publisher publisher_;
    Subscriber subscriber_;
};

}  // namespace banter::redis
