// What happens on one node reaches those on others whom it concerns, and nobody twice.
#include "storage/nodes/bus.hpp"

#include "storage/nodes/event_codec.hpp"
#include "storage/nodes/testing/wire.hpp"
#include "storage/testing/run_task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace banter::nodes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// On a loop that all share.
struct Node {
    Node(asio::io_context& context, Wire& wire, std::uint8_t number)
        : loops{context.get_executor()}, local(loops, clock), end(wire) {
        const NodeBus::Parts parts{local, end, context.get_executor(), number, registry};
        bus.emplace(parts);
        bus->set_receiver([this](const model::SharedEvent& event) { received.push_back(event); });
        bus->set_revocation_receiver([this](std::size_t, const model::Revocation& revocation) {
            revocations.push_back(revocation.number);
        });
        bus->set_installation(Channels("epoch"), [this] { ++losses; });
        bus->start();
    }

    [[nodiscard]] std::vector<model::Rev> revs() {
        std::vector<model::Rev> revs;
        for (const auto& event : std::exchange(received, {})) revs.push_back(event->rev);
        return revs;
    }

    Loops loops;
    SystemClock clock;
    metrics::Registry registry;
    memory::LocalBus local;
    WireEnd end;
    std::optional<NodeBus> bus;
    std::vector<model::SharedEvent> received;
    std::vector<std::uint64_t> revocations;
    int losses = 0;
};

class NodeBusTest : public testing::Test {
protected:
    ~NodeBusTest() override {
        storage::run_task(context_, here_.local.stop());
        storage::run_task(context_, there_.local.stop());
    }

    void turn() {
        context_.restart();
        context_.run();
    }
    void publish(model::Rev rev) {
        model::Message message;
        message.seq = message.rev = rev;
        publish({thread_, rev, model::MessageNew{std::move(message)}});
    }
    void publish(model::Event event) {
        here_.bus->publish({std::make_shared<const model::Event>(std::move(event))});
        turn();
    }
    void want_there() {
        there_.bus->want(thread_);
        turn();
    }

    asio::io_context context_{1};
    Wire wire_;
    Node here_{context_, wire_, 1};
    Node there_{context_, wire_, 2};
    model::ThreadId thread_{{{7}}};
};

TEST_F(NodeBusTest, who_wants_a_thread_gets_what_another_node_does_in_it_each_once) {
    want_there();
    here_.bus->want(thread_);
    publish(1);
    publish(2);
    EXPECT_THAT(there_.revs(), ElementsAre(1, 2));
    EXPECT_THAT(here_.revs(), ElementsAre(1, 2)) << "not once more when it comes back";
    const auto [channel, bytes] = wire_.told.back();
    wire_.publish(channel, bytes);
    turn();
    EXPECT_THAT(there_.revs(), IsEmpty()) << "it came twice";
}

TEST_F(NodeBusTest, who_wants_a_thread_no_more_gets_nothing_of_it) {
    publish(1);
    EXPECT_THAT(there_.revs(), IsEmpty());
    want_there();
    publish(2);
    there_.bus->unwant(thread_);
    turn();
    publish(3);
    EXPECT_THAT(there_.revs(), ElementsAre(2));
}

TEST_F(NodeBusTest, what_takes_no_rev_does_not_come_back_to_its_node) {
    want_there();
    here_.bus->want(thread_);
    publish({thread_, 0, model::TypingUpdate{thread_, {}, true, {}}});
    EXPECT_EQ(here_.received.size(), 1U);
    EXPECT_EQ(there_.received.size(), 1U);
}

TEST_F(NodeBusTest, what_may_concern_anybody_comes_to_every_node) {
    publish({thread_, 0, model::MemberUpdate{.thread = thread_, .role = model::ThreadRole::member}}
    );
    publish({{}, 0, model::Revocation{.number = 5, .user = model::UserId{}}});
    EXPECT_EQ(there_.received.size(), 1U);
    EXPECT_THAT(there_.revocations, ElementsAre(5U));
}

TEST_F(NodeBusTest, what_each_node_makes_for_itself_is_told_to_nobody) {
    publish({{}, 0, model::PresenceUpdate{}});
    publish({thread_, 0, model::ThreadActivity{.thread = thread_}});
    EXPECT_THAT(wire_.told, IsEmpty());
    EXPECT_EQ(here_.received.size(), 2U);
}

TEST_F(NodeBusTest, what_cannot_be_read_is_left_out) {
    want_there();
    const std::string channel = Channels("epoch").of_thread(thread_);
    for (const std::string bytes : {"", "short", "12345678", "12345678\xff\xff\xff\xff"}) {
        wire_.publish(channel, bytes);
    }
    publish(1);
    EXPECT_THAT(there_.revs(), ElementsAre(1));
}

TEST_F(NodeBusTest, a_thread_is_confirmed_before_its_snapshot_is_read) {
    want_there();
    storage::run_task(context_, there_.bus->hear(thread_));
    EXPECT_THAT(there_.end.confirmations, ElementsAre(Channels("epoch").of_thread(thread_)));
}

TEST_F(NodeBusTest, a_loss_is_told) {
    there_.end.lost();
    EXPECT_EQ(there_.losses, 1);
    EXPECT_EQ(here_.losses, 0);
}

TEST_F(NodeBusTest, installations_do_not_hear_each_other) {
    EXPECT_NE(Channels("one").of_thread(thread_), Channels("other").of_thread(thread_));
    EXPECT_NE(Channels("one").of_everybody(), Channels("other").of_everybody());
}

}  // namespace
}  // namespace banter::nodes
