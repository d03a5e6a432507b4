#include "storage/nodes/bus.hpp"

#include "base/run_on.hpp"
#include "storage/nodes/event_codec.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstring>
#include <memory>

namespace banter::nodes {

namespace {

/// Without a confirmation by then, what is missed is found in the database.
constexpr std::chrono::milliseconds confirm_within{250};

using storage::NodeId;

/// What nodes tell begins with who tells it.
std::string begun_by(NodeId node) {
    std::string bytes(sizeof node, '\0');
    std::memcpy(bytes.data(), &node, sizeof node);
    return bytes;
}

}  // namespace

NodeBus::NodeBus(const Parts& parts)
    : parts_(parts),
      events_in_(parts.registry
                     .counter("banter_node_events_total", "Events that other nodes told this one")),
      unreadable_(parts.registry.counter(
          "banter_node_events_unreadable_total",
          "What nodes of another version told, and was read from the database instead"
      )) {
    parts_.others.set_receiver(
        [this](std::string_view channel, std::string_view bytes) { receive(channel, bytes); },
        [this] {
            if (anew_) anew_();
        }
    );
}

void NodeBus::set_receiver(Receiver receiver) { parts_.local.set_receiver(std::move(receiver)); }

void NodeBus::set_revocation_receiver(RevocationReceiver receiver) {
    parts_.local.set_revocation_receiver(std::move(receiver));
}

void NodeBus::set_installation(Channels channels, storage::PubSub::Anew anew) {
    channels_ = std::move(channels);
    anew_ = std::move(anew);
}

void NodeBus::start() {
    asio::post(parts_.loop, [this] {
        parts_.others.want(channels_->of_everybody());
        parts_.others.want(channels_->state());
        parts_.others.start();
    });
}

std::vector<NodeBus::Telling> NodeBus::tellings_of(const std::vector<model::SharedEvent>& events
) const {
    std::vector<Telling> tellings;
    if (!channels_) return tellings;
    for (const model::SharedEvent& event : events) {
        std::string channel = channels_->of(*event);
        if (channel.empty()) continue;
        tellings.push_back({std::move(channel), begun_by(parts_.self) + encode(*event)});
    }
    return tellings;
}

void NodeBus::tell(std::vector<Telling> tellings) {
    if (tellings.empty()) return;
    asio::post(parts_.loop, [this, tellings = std::move(tellings)] {
        for (const Telling& each : tellings) parts_.others.publish(each.channel, each.bytes);
    });
}

void NodeBus::publish(std::vector<model::SharedEvent> events) {
    tell(tellings_of(events));
    parts_.local.publish(std::move(events));
}

void NodeBus::publish_state(std::string bytes) {
    std::vector<Telling> telling;
    telling.push_back({channels_->state(), begun_by(parts_.self) + bytes});
    tell(std::move(telling));
}

void NodeBus::want(model::ThreadId thread) {
    parts_.local.want(thread);
    asio::post(parts_.loop, [this, thread] { parts_.others.want(channels_->of_thread(thread)); });
}

void NodeBus::unwant(model::ThreadId thread) {
    parts_.local.unwant(thread);
    asio::post(parts_.loop, [this, thread] { parts_.others.unwant(channels_->of_thread(thread)); });
}

Task<> NodeBus::hear(model::ThreadId thread) {
    auto confirming = confirm(channels_->of_thread(thread));
    co_await run_on(parts_.loop, std::move(confirming));
}

Task<> NodeBus::confirm(std::string channel) {
    // While nobody can be heard there is nothing to wait for.
    if (!parts_.others.is_up()) co_return;
    co_await parts_.others.confirmed(std::move(channel), confirm_within);
}

void NodeBus::receive(std::string_view channel, std::string_view bytes) {
    NodeId from = 0;
    if (bytes.size() < sizeof from) return unreadable_.add();
    std::memcpy(&from, bytes.data(), sizeof from);
    if (from == parts_.self) return;
    bytes.remove_prefix(sizeof from);
    if (channel == channels_->state()) {
        if (state_hearer_) state_hearer_(from, bytes);
        return;
    }
    auto event = decode(bytes);
    if (!event) return unreadable_.add();
    events_in_.add();
    received_.push_back(std::make_shared<const model::Event>(*std::move(event)));
    if (received_.size() == 1) asio::post(parts_.loop, [this] { pass_on(); });
}

void NodeBus::pass_on() { parts_.local.publish(std::exchange(received_, {})); }

}  // namespace banter::nodes
