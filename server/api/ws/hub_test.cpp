// Who gets which events, over real sessions on socket pairs.
#include "api/ws/hub.hpp"

#include "api/ws/room.hpp"
#include "base/metrics.hpp"
#include "net/shard.hpp"
#include "net/websocket/application.hpp"
#include "net/websocket/frame.hpp"
#include "net/websocket/sessions.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <memory>

namespace banter::api::ws {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename Of>
Of id_of(std::uint8_t number) {
    Of id;
    id.uuid.bytes[15] = number;
    return id;
}

const auto general = id_of<model::ThreadId>(1);
const auto random_talk = id_of<model::ThreadId>(2);
const auto ada = id_of<model::UserId>(1);
const auto bob = id_of<model::UserId>(2);

/// A subscriber on one end of a socket pair; the other end says what it got.
class Peer final : public net::websocket::Application, public Subscriber {
public:
    Peer(Hub& hub, model::UserId user, int far_end) : hub_(hub), user_(user), far_end_(far_end) {}
    ~Peer() override { ::close(far_end_); }

    void on_open(net::websocket::Session& session) override { hub_.enter(*this, session, user_); }
    void on_text(std::string_view) override {}
    void on_closed() override { hub_.exit(*this); }

    /// Takes what has arrived, frames or parts of them; returns how many bytes.
    std::size_t drain() {
        char bytes[65'536];
        const ssize_t count = ::recv(far_end_, bytes, sizeof bytes, MSG_DONTWAIT);
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }

    /// The payloads of all frames that have arrived.
    std::vector<std::string> got() {
        std::vector<std::string> payloads;
        char bytes[65'536];
        const ssize_t count = ::recv(far_end_, bytes, sizeof bytes, MSG_DONTWAIT);
        for (ssize_t at = 0; at + 1 < count;) {
            const auto size = static_cast<unsigned char>(bytes[at + 1]);  // all are below 126 bytes
            payloads.emplace_back(bytes + at + 2, size);
            at += 2 + size;
        }
        return payloads;
    }

    void signed_in_by(model::SignInId sign_in) { sign_in_ = sign_in; }
    /// Whether its hub has asked it to close.
    [[nodiscard]] bool ended() const { return ended_; }

private:
    [[nodiscard]] bool is_of(model::SignInId sign_in) const override { return sign_in_ == sign_in; }
    void end(std::string_view) override { ended_ = true; }

    Hub& hub_;
    model::UserId user_;
    int far_end_;
    model::SignInId sign_in_;
    bool ended_ = false;
};

/// Tells when a turn has ended, its sends included.
class Ended final : private net::TurnEnd {
public:
    explicit Ended(net::Shard& shard) { shard.at_turn_end(*this, Phase::sweep); }
    void wait() { ended_.get_future().wait(); }

private:
    void on_turn_end() override { ended_.set_value(); }

    std::promise<void> ended_;
};

class HubTest : public testing::Test {
protected:
    HubTest() { shard_.start(); }
    ~HubTest() override {
        turn([&] { sessions_->abort_all(); });
        turn([&] { sessions_.reset(); });
        shard_.stop();
    }

    /// Does something on the shard and waits for the end of that turn.
    template <typename Use>
    void turn(Use use) {
        std::promise<std::unique_ptr<Ended>> done;
        shard_.post([&] {
            use();
            done.set_value(std::make_unique<Ended>(shard_));
        });
        done.get_future().get()->wait();
    }

    Peer& peer(model::UserId user) {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
        auto made = std::make_unique<Peer>(hub_, user, ends[1]);
        Peer& result = *made;
        EXPECT_TRUE(budget_.take());
        turn([&] { sessions_->add(ends[0], std::move(made), false, "", ""); });
        return result;
    }

    void join(Peer& peer, model::ThreadId thread, model::Rev rev) {
        turn([&] {
            hub_.hold(peer, thread);
            EXPECT_TRUE(hub_.release(peer, thread, rev));
        });
    }

    /// On the shard.
    void deliver(model::ThreadId thread, model::Rev rev) {
        send({thread, rev, model::MessageNew{}}, std::to_string(rev));
    }
    void send(model::Event event, const std::string& payload) {
        hub_.deliver(
            {std::make_shared<const model::Event>(std::move(event)), sessions_->encode(payload)}
        );
    }

    net::Limits limits_;
    metrics::Registry registry_;
    metrics::Gauge& deflate_readers_ = registry_.gauge("deflate_readers", "");
    net::SessionBudget budget_{100};
    net::Shard shard_{0, limits_};
    std::unique_ptr<net::websocket::Sessions> sessions_ =
        std::make_unique<net::websocket::Sessions>(shard_, budget_, deflate_readers_, registry_);
    Hub hub_{registry_};
};

TEST_F(HubTest, those_who_joined_a_thread_get_its_events_in_order) {
    Peer& first = peer(ada);
    Peer& second = peer(bob);
    join(first, general, 4);
    join(second, random_talk, 0);
    turn([&] {
        deliver(general, 5);
        deliver(general, 6);
    });
    EXPECT_THAT(first.got(), ElementsAre("5", "6"));
    EXPECT_THAT(second.got(), IsEmpty());
}

TEST_F(HubTest, events_during_a_join_follow_its_answer_without_hole_or_overlap) {
    Peer& joiner = peer(ada);
    turn([&] {
        hub_.hold(joiner, general);
        for (const model::Rev rev : {7, 8, 9}) deliver(general, rev);
    });
    EXPECT_THAT(joiner.got(), IsEmpty());
    turn([&] {
        EXPECT_TRUE(hub_.release(joiner, general, 8));  // the snapshot had 7 and 8 already
        deliver(general, 10);
    });
    EXPECT_THAT(joiner.got(), ElementsAre("9", "10"));
}

TEST_F(HubTest, an_event_that_the_snapshot_had_already_is_not_told_again) {
    Peer& joiner = peer(ada);
    join(joiner, general, 8);
    turn([&] {
        deliver(general, 8);
        deliver(general, 9);
    });
    EXPECT_THAT(joiner.got(), ElementsAre("9"));
}

TEST_F(HubTest, joining_again_holds_and_goes_on_from_the_new_snapshot) {
    Peer& joiner = peer(ada);
    Peer& other = peer(bob);
    join(joiner, general, 1);
    join(other, general, 1);
    turn([&] {
        hub_.hold(joiner, general);
        deliver(general, 2);
    });
    EXPECT_THAT(joiner.got(), IsEmpty());
    EXPECT_THAT(other.got(), ElementsAre("2"));
    turn([&] { EXPECT_TRUE(hub_.release(joiner, general, 1)); });
    EXPECT_THAT(joiner.got(), ElementsAre("2"));
}

TEST_F(HubTest, a_join_that_takes_too_long_in_a_busy_thread_has_to_be_made_again) {
    Peer& joiner = peer(ada);
    turn([&] {
        hub_.hold(joiner, general);
        for (model::Rev rev = 1; rev <= Room::kept_max + 1; ++rev) deliver(general, rev);
        EXPECT_FALSE(hub_.release(joiner, general, 0));
        EXPECT_EQ(joiner.joined_count(), 0U);
    });
    join(joiner, general, Room::kept_max + 1);
    turn([&] { deliver(general, Room::kept_max + 2); });
    EXPECT_THAT(joiner.got(), ElementsAre(std::to_string(Room::kept_max + 2)));
}

TEST_F(HubTest, a_short_join_gets_in_while_others_hold_for_long) {
    Peer& slow = peer(ada);
    Peer& quick = peer(bob);
    turn([&] {
        hub_.hold(slow, general);
        for (model::Rev rev = 1; rev <= Room::kept_max + 1; ++rev) deliver(general, rev);
        hub_.hold(quick, general);
        EXPECT_TRUE(hub_.release(quick, general, Room::kept_max));
    });
    EXPECT_THAT(quick.got(), ElementsAre(std::to_string(Room::kept_max + 1)));
    turn([&] { EXPECT_FALSE(hub_.release(slow, general, 0)); });
}

TEST_F(HubTest, a_turn_that_brings_more_than_a_slow_reader_may_owe_closes_nobody_who_reads) {
    Peer& reader = peer(ada);
    join(reader, general, 0);
    const std::string payload(120, 'x');
    const std::size_t frames = 3 * limits_.broadcast_bytes_max / (2 * (payload.size() + 2));
    turn([&] {
        for (model::Rev rev = 1; rev <= frames; ++rev) {
            send({general, rev, model::MessageNew{}}, payload);
        }
    });
    std::size_t got = 0;
    for (int i = 0; i < 1'000 && got < frames * (payload.size() + 2); ++i) {
        got += reader.drain();
        turn([] {});
    }
    EXPECT_EQ(got, frames * (payload.size() + 2));
    turn([&] { EXPECT_EQ(reader.joined_count(), 1U); });
}

TEST_F(HubTest, who_left_gets_nothing_more_and_others_go_on) {
    std::vector<Peer*> peers;
    for (int i = 0; i < 5; ++i) {
        peers.push_back(&peer(ada));
        join(*peers.back(), general, 0);
        join(*peers.back(), random_talk, 0);
    }
    turn([&] {
        hub_.leave(*peers[1], general);
        hub_.leave(*peers[1], general);  // leaving twice is no error
        hub_.exit(*peers[3]);
        deliver(general, 1);
    });
    for (const std::size_t i : {0, 2, 4}) EXPECT_THAT(peers[i]->got(), ElementsAre("1")) << i;
    EXPECT_THAT(peers[1]->got(), IsEmpty());
    EXPECT_THAT(peers[3]->got(), IsEmpty());
    turn([&] { deliver(random_talk, 1); });
    EXPECT_THAT(peers[1]->got(), ElementsAre("1"));
}

TEST_F(HubTest, typing_is_told_to_the_others_who_are_live_and_not_to_the_one_who_types) {
    Peer& typist = peer(ada);
    Peer& other_device = peer(ada);
    Peer& reader = peer(bob);
    Peer& joining = peer(bob);
    for (Peer* joined : {&typist, &other_device, &reader}) join(*joined, general, 0);
    turn([&] {
        hub_.hold(joining, general);
        send(
            {general, 0, model::TypingUpdate{general, ada, true, std::chrono::seconds(6)}}, "typing"
        );
    });
    EXPECT_THAT(typist.got(), IsEmpty());
    EXPECT_THAT(other_device.got(), IsEmpty());
    EXPECT_THAT(reader.got(), ElementsAre("typing"));
    EXPECT_THAT(joining.got(), IsEmpty());
}

TEST_F(HubTest, a_read_marker_is_told_to_all_own_connections_joined_or_not) {
    Peer& first = peer(ada);
    Peer& second = peer(ada);
    Peer& stranger = peer(bob);
    join(first, general, 0);
    join(stranger, general, 0);
    turn([&] { send({general, 0, model::ReadUpdate{general, ada, 3, 0, 0}}, "read"); });
    EXPECT_THAT(first.got(), ElementsAre("read"));
    EXPECT_THAT(second.got(), ElementsAre("read"));
    EXPECT_THAT(stranger.got(), IsEmpty());
    turn([&] {
        hub_.exit(first);
        send({general, 0, model::ReadUpdate{general, ada, 4, 0, 0}}, "again");
    });
    EXPECT_THAT(second.got(), ElementsAre("again"));
}

TEST_F(HubTest, who_is_signed_out_gets_nothing_more_and_the_users_other_sign_ins_go_on) {
    Peer& out = peer(ada);
    Peer& stays = peer(ada);
    out.signed_in_by(id_of<model::SignInId>(1));
    stays.signed_in_by(id_of<model::SignInId>(2));
    join(out, general, 0);
    join(stays, general, 0);
    turn([&] {
        hub_.revoke({.user = ada, .sign_in = id_of<model::SignInId>(1)});
        deliver(general, 1);
    });
    EXPECT_TRUE(out.ended());
    EXPECT_FALSE(stays.ended());
    EXPECT_THAT(out.got(), IsEmpty());
    EXPECT_THAT(stays.got(), ElementsAre("1"));
    turn([&] {
        hub_.revoke({.user = ada});
        deliver(general, 2);
    });
    EXPECT_TRUE(stays.ended());
    EXPECT_THAT(stays.got(), IsEmpty());
}

}  // namespace
}  // namespace banter::api::ws
