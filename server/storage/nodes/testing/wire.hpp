// What nodes of one test tell each other, in one process.
#pragma once

#include "storage/pub_sub.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::nodes {

class Wire;

/// The end of one node.
class WireEnd final : public storage::PubSub {
public:
    explicit WireEnd(Wire& wire);

    void set_receiver(Receiver receiver, Anew anew) override {
        receive = std::move(receiver);
        lost = std::move(anew);
    }
    void start() override {}
    [[nodiscard]] Task<> stop() override { co_return; }
    void publish(std::string_view channel, std::string_view bytes) override;
    void want(std::string_view channel) override { ++wants[std::string(channel)]; }
    void unwant(std::string_view channel) override {
        if (--wants[std::string(channel)] == 0) wants.erase(std::string(channel));
    }
    [[nodiscard]] Task<bool> confirmed(std::string channel, std::chrono::milliseconds) override {
        confirmations.push_back(std::move(channel));
        co_return true;
    }
    [[nodiscard]] bool is_up() const override { return true; }

    Receiver receive;
    Anew lost;
    std::map<std::string, int> wants;
    std::vector<std::string> confirmations;

private:
    Wire& wire_;
};

class Wire {
public:
    void publish(const std::string& channel, std::string_view bytes) {
        told.emplace_back(channel, bytes);
        if (drops) return;
        for (WireEnd* end : ends) {
            if (end->wants.contains(channel)) end->receive(channel, bytes);
        }
    }
    /// The node says nothing more, and hears nothing.
    void cut(WireEnd& end) { std::erase(ends, &end); }

    std::vector<WireEnd*> ends;
    std::vector<std::pair<std::string, std::string>> told;
    bool drops = false;
};

inline WireEnd::WireEnd(Wire& wire) : wire_(wire) { wire.ends.push_back(this); }

inline void WireEnd::publish(std::string_view channel, std::string_view bytes) {
    if (std::ranges::find(wire_.ends, this) == wire_.ends.end()) return;
    wire_.publish(std::string(channel), bytes);
}

}  // namespace banter::nodes
