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
#include <random>
#include <set>

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
    /// Its user is one.
    bool guest = false;
    /// Whether its hub has asked it to close.
    [[nodiscard]] std::optional<model::RevocationReason> ended() const { return ended_; }

private:
    [[nodiscard]] bool is_ended_by(const model::Revocation& revocation) const override {
        return !revocation.sign_in || revocation.sign_in == sign_in_;
    }
    [[nodiscard]] bool is_guest() const override { return guest; }
    void end(model::RevocationReason reason) override { ended_ = reason; }

    Hub& hub_;
    model::UserId user_;
    int far_end_;
    model::SignInId sign_in_;
    std::optional<model::RevocationReason> ended_;
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
    HubTest() {
        shard_.start();
        hub_.set_encoder([this](std::string_view) {
            return net::websocket::LocalFrame(sessions_->encode("read"));
        });
    }
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

    /// A change of a membership, as the hub is told.
    void tell_member(model::ThreadId thread, model::UserId user, bool member) {
        model::MemberUpdate update{.thread = thread, .user = user};
        if (member) update.role = model::ThreadRole::member;
        update.member_count = 1'000;
        send({thread, 0, update}, member ? "in" : "out");
    }
    void tell_activity(model::ThreadId thread) {
        send({thread, 0, model::ThreadActivity{thread, 1, {}, false}}, "activity");
    }
    void watch(Peer& peer, const std::vector<model::UserId>& users) {
        turn([&] {
            hub_.watch(peer, users);
            hub_.release_watch(peer);
        });
    }

    /// On the shard.
    void tell_presence(model::UserId user, const std::string& payload) {
        const model::PresenceUpdate update{user, model::Presence::online, Timestamp{}};
        send({.body = update}, payload);
    }
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
    Budget budget_{100};
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

/// Keeps what the hub says of threads.
struct NotedInterest final : Hub::Interest {
    void want(model::ThreadId) override { noted.emplace_back("want"); }
    void unwant(model::ThreadId) override { noted.emplace_back("unwant"); }
    void begin(model::ThreadId, model::Rev rev) override {
        noted.push_back("begin " + std::to_string(rev));
    }
    std::vector<std::string> noted;
};

TEST_F(HubTest, it_says_what_it_has_to_do_with_a_thread) {
    NotedInterest interest;
    turn([&] { hub_.set_interest(interest); });
    Peer& first = peer(ada);
    Peer& second = peer(bob);
    join(first, general, 4);
    join(second, general, 6);
    turn([&] {
        hub_.leave(first, general);
        hub_.leave(second, general);
    });
    EXPECT_THAT(interest.noted, ElementsAre("want", "begin 4", "begin 6", "unwant"));
}

TEST_F(HubTest, it_knows_up_to_where_everybody_was_told) {
    Peer& first = peer(ada);
    Peer& second = peer(bob);
    turn([&] {
        hub_.hold(first, general);
        EXPECT_TRUE(hub_.attention(general).joining);
        EXPECT_EQ(hub_.attention(general).told, std::nullopt);
        EXPECT_TRUE(hub_.release(first, general, 6));
    });
    join(second, general, 4);
    turn([&] {
        EXPECT_EQ(hub_.attention(general).told, 4U);
        deliver(general, 7);
        EXPECT_EQ(hub_.attention(general).told, 7U);
        EXPECT_FALSE(hub_.attention(general).joining);
        EXPECT_FALSE(hub_.attention(random_talk).any);
        hub_.set_memberships(second, {random_talk});
        EXPECT_TRUE(hub_.attention(random_talk).any);
        EXPECT_EQ(hub_.attention(random_talk).told, std::nullopt) << "nobody has joined it";
    });
}

TEST_F(HubTest, whoever_joins_again_and_can_not_read_goes_on_from_where_it_was) {
    Peer& reader = peer(ada);
    Peer& other = peer(bob);
    join(reader, general, 4);
    turn([&] {
        hub_.hold(other, general);
        deliver(general, 5);
        EXPECT_EQ(hub_.told(reader, general), 5U);
        hub_.hold(reader, general);
        EXPECT_EQ(hub_.told(reader, general), std::nullopt) << "it reads";
        EXPECT_EQ(hub_.told(reader, random_talk), std::nullopt);
        deliver(general, 6);
        EXPECT_TRUE(hub_.resume(reader, general, 5));
        EXPECT_EQ(hub_.told(reader, general), 6U);
        deliver(general, 7);
    });
    EXPECT_THAT(reader.got(), ElementsAre("5", "6", "7"));
    turn([&] {
        hub_.hold(reader, general);
        hub_.revoke({.user = ada, .thread = general});
        EXPECT_FALSE(hub_.has_joined(reader, general)) << "what it had has ended";
        deliver(general, 8);
    });
    EXPECT_THAT(reader.got(), IsEmpty());
}

TEST_F(HubTest, it_knows_who_may_read_a_thread_and_its_replies) {
    const auto replies = id_of<model::ThreadId>(9);
    Peer& member = peer(ada);
    Peer& reader = peer(bob);
    turn([&] {
        hub_.set_memberships(member, {general});
        hub_.hold(reader, replies);
        EXPECT_TRUE(hub_.release(reader, replies, 1, general));
        EXPECT_THAT(hub_.readers(general), ElementsAre(ada, bob));
        EXPECT_THAT(hub_.readers(random_talk), IsEmpty());
    });
}

TEST_F(HubTest, a_membership_that_it_was_not_told_of_is_told_once) {
    Peer& member = peer(ada);
    const model::MemberUpdate update{
        .thread = general, .user = ada, .role = model::ThreadRole::member};
    turn([&] {
        hub_.take_membership(update, hub_.moment());
        hub_.set_memberships(member, {});
    });
    EXPECT_THAT(member.got(), IsEmpty()) << "what it is a member of was being read";
    turn([&] {
        hub_.take_membership(update, hub_.moment());
        hub_.take_membership(update, hub_.moment());
        tell_activity(general);
    });
    EXPECT_THAT(member.got(), ElementsAre("read", "activity"));
}

TEST_F(HubTest, who_joins_is_not_thrown_out_by_what_was_read_before) {
    Peer& reader = peer(ada);
    turn([&] { hub_.set_memberships(reader, {general}); });
    turn([&] {
        const auto before = hub_.moment();
        hub_.hold(reader, general);
        EXPECT_THAT(hub_.readers(general), IsEmpty()) << "it reads";
        EXPECT_TRUE(hub_.release(reader, general, 4));
        EXPECT_FALSE(hub_.take_loss(ada, general, before));
        deliver(general, 5);
        EXPECT_TRUE(hub_.take_loss(ada, general, hub_.moment())) << "read afterwards";
        deliver(general, 6);
    });
    EXPECT_THAT(reader.got(), ElementsAre("5"));
}

TEST_F(HubTest, who_lost_a_thread_is_not_brought_back_by_what_was_read_before) {
    Peer& member = peer(ada);
    const model::MemberUpdate update{
        .thread = general, .user = ada, .role = model::ThreadRole::member};
    turn([&] {
        hub_.set_memberships(member, {});
        const auto before = hub_.moment();
        tell_member(general, ada, true);
        hub_.revoke({.user = ada, .thread = general});
        tell_member(random_talk, bob, false);
        hub_.take_membership(update, before);
    });
    EXPECT_THAT(member.got(), ElementsAre("in"));
    turn([&] { hub_.take_membership(update, hub_.moment()); });
    EXPECT_THAT(member.got(), ElementsAre("read")) << "read afterwards";
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

TEST_F(HubTest, the_presence_of_a_user_is_told_to_those_that_watch_until_they_watch_others) {
    Peer& first = peer(bob);
    Peer& second = peer(bob);
    Peer& own = peer(ada);
    watch(first, {ada, bob});
    watch(second, {ada});
    turn([&] { tell_presence(ada, "1"); });
    EXPECT_THAT(first.got(), ElementsAre("1"));
    EXPECT_THAT(second.got(), ElementsAre("1"));
    EXPECT_THAT(own.got(), IsEmpty());
    watch(first, {bob});
    watch(second, {});
    turn([&] {
        tell_presence(ada, "2");
        tell_presence(bob, "3");
    });
    EXPECT_THAT(first.got(), ElementsAre("3"));
    EXPECT_THAT(second.got(), IsEmpty());
}

TEST_F(HubTest, a_guest_who_loses_a_thread_watches_nobody_any_more) {
    Peer& guest = peer(bob);
    Peer& member = peer(bob);
    guest.guest = true;
    watch(guest, {ada});
    watch(member, {ada});
    turn([&] {
        hub_.revoke({.user = bob, .thread = general});
        tell_presence(ada, "told");
    });
    EXPECT_THAT(guest.got(), IsEmpty());
    EXPECT_THAT(member.got(), ElementsAre("told"));
}

TEST_F(HubTest, no_guest_watches_who_has_left_a_thread_and_all_go_on_to_watch_the_others) {
    Peer& guest = peer(bob);
    Peer& other = peer(bob);
    Peer& member = peer(bob);
    Peer& own = peer(ada);
    for (Peer* peer : {&guest, &other, &own}) peer->guest = true;
    const auto eve = id_of<model::UserId>(77);
    watch(guest, {ada, bob, eve});
    watch(other, {eve, ada});
    watch(member, {ada});
    watch(own, {ada});
    turn([&] {
        hub_.revoke({.user = ada, .thread = general});
        tell_presence(ada, "told");
        tell_presence(bob, "of bob");
        tell_presence(eve, "of eve");
    });
    EXPECT_THAT(guest.got(), ElementsAre("of bob", "of eve"));
    EXPECT_THAT(other.got(), ElementsAre("of eve"));
    EXPECT_THAT(member.got(), ElementsAre("told"));
    watch(guest, {});
    watch(other, {ada});
    turn([&] { tell_presence(ada, "again"); });
    EXPECT_THAT(guest.got(), IsEmpty());
    EXPECT_THAT(other.got(), ElementsAre("again"));
}

TEST_F(HubTest, while_presences_are_read_the_newest_of_each_is_kept) {
    Peer& watcher = peer(bob);
    turn([&] {
        hub_.watch(watcher, {ada, bob});
        tell_presence(ada, "1");
        tell_presence(bob, "2");
        tell_presence(ada, "3");
    });
    EXPECT_THAT(watcher.got(), IsEmpty());
    turn([&] {
        hub_.release_watch(watcher);
        tell_presence(ada, "4");
    });
    EXPECT_THAT(watcher.got(), ElementsAre("3", "2", "4"));
}

TEST_F(HubTest, what_a_user_is_called_is_told_once_to_own_sessions_and_to_those_that_watch) {
    Peer& own = peer(ada);
    Peer& watcher = peer(bob);
    Peer& stranger = peer(bob);
    watch(own, {ada});
    watch(watcher, {ada});
    model::User user;
    user.id = ada;
    turn([&] { send({.body = model::UserUpdate{user}}, "renamed"); });
    EXPECT_THAT(own.got(), ElementsAre("renamed"));
    EXPECT_THAT(watcher.got(), ElementsAre("renamed"));
    EXPECT_THAT(stranger.got(), IsEmpty());
}

TEST_F(HubTest, who_watches_and_leaves_is_forgotten_and_the_bytes_are_given_back) {
    std::size_t before = 0;
    turn([&] { before = hub_.bytes(); });
    std::vector<model::UserId> many;
    for (std::uint8_t i = 0; i < 200; ++i) many.push_back(id_of<model::UserId>(i));
    std::vector<Peer*> peers;
    for (int i = 0; i < 20; ++i) {
        peers.push_back(&peer(ada));
        watch(*peers.back(), many);
    }
    turn([&] {
        EXPECT_GE(hub_.bytes(), before + 20 * many.size() * 32);
        // From the middle, so that others take the places.
        for (std::size_t i = 5; i < 15; ++i) hub_.exit(*peers[i]);
        tell_presence(many[7], "told");
    });
    for (std::size_t i = 0; i < peers.size(); ++i) {
        if (i >= 5 && i < 15) {
            EXPECT_THAT(peers[i]->got(), IsEmpty());
        } else {
            EXPECT_THAT(peers[i]->got(), ElementsAre("told"));
        }
    }
    turn([&] {
        for (Peer* left : peers) hub_.exit(*left);
        EXPECT_LT(hub_.bytes(), before + 20'000) << "tables alone stay";
    });
}

TEST_F(HubTest, random_watches_are_told_as_a_simple_model_says) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<Peer*> peers;
    std::vector<std::set<std::uint8_t>> watched(6);
    for (std::size_t i = 0; i < watched.size(); ++i) peers.push_back(&peer(bob));
    for (int step = 0; step < 100; ++step) {
        const std::size_t chosen = random() % peers.size();
        watched[chosen].clear();
        for (auto count = random() % 8; count > 0; --count) {
            watched[chosen].insert(static_cast<std::uint8_t>(random() % 10));
        }
        std::vector<model::UserId> users;
        for (const std::uint8_t number : watched[chosen]) {
            users.push_back(id_of<model::UserId>(number));
        }
        watch(*peers[chosen], users);
        const auto told = static_cast<std::uint8_t>(random() % 10);
        turn([&] { tell_presence(id_of<model::UserId>(told), "x"); });
        for (std::size_t i = 0; i < peers.size(); ++i) {
            EXPECT_EQ(peers[i]->got().size(), watched[i].count(told)) << "step " << step;
        }
    }
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
    EXPECT_EQ(out.ended(), model::RevocationReason::signed_out);
    EXPECT_FALSE(stays.ended());
    EXPECT_THAT(out.got(), IsEmpty());
    EXPECT_THAT(stays.got(), ElementsAre("1"));
    turn([&] {
        hub_.revoke({.user = ada});
        deliver(general, 2);
    });
    EXPECT_EQ(stays.ended(), model::RevocationReason::signed_out);
    EXPECT_THAT(stays.got(), IsEmpty());
}

TEST_F(HubTest, members_who_have_not_joined_hear_that_there_is_something_new) {
    Peer& listener = peer(ada);
    Peer& joined = peer(ada);
    Peer& stranger = peer(bob);
    turn([&] {
        hub_.set_memberships(listener, {general, random_talk});
        hub_.set_memberships(joined, {general});
        hub_.set_memberships(stranger, {random_talk});
    });
    join(joined, general, 0);
    turn([&] {
        tell_activity(general);
        deliver(general, 1);
    });
    EXPECT_THAT(listener.got(), ElementsAre("activity"));
    EXPECT_THAT(joined.got(), ElementsAre("1"));
    EXPECT_THAT(stranger.got(), IsEmpty());
    EXPECT_EQ(listener.joined_count(), 0U);
    turn([&] {
        hub_.leave(joined, general);
        tell_activity(general);
    });
    EXPECT_THAT(joined.got(), ElementsAre("activity")) << "back among those who listen";
}

TEST_F(HubTest, a_new_name_reaches_members_whether_they_joined_or_not) {
    Peer& listener = peer(ada);
    Peer& joined = peer(bob);
    turn([&] { hub_.set_memberships(listener, {general}); });
    join(joined, general, 4);
    turn([&] { send({general, 5, model::ThreadUpdate{}}, "renamed"); });
    EXPECT_THAT(listener.got(), ElementsAre("renamed"));
    EXPECT_THAT(joined.got(), ElementsAre("renamed"));
}

TEST_F(HubTest, memberships_are_kept_up_with_as_they_come_and_go) {
    Peer& peer_of_ada = peer(ada);
    turn([&] { hub_.set_memberships(peer_of_ada, {}); });
    turn([&] {
        tell_activity(general);
        tell_member(general, ada, true);
        tell_activity(general);
        tell_member(general, ada, false);
        tell_activity(general);
    });
    EXPECT_THAT(peer_of_ada.got(), ElementsAre("in", "activity", "out"));
}

TEST_F(HubTest, what_ended_while_memberships_were_read_does_not_come_back) {
    Peer& left = peer(ada);
    Peer& removed = peer(bob);
    Peer& back = peer(bob);
    turn([&] {
        tell_member(general, ada, false);
        hub_.set_memberships(left, {general});
        hub_.revoke({.user = bob, .thread = general});
        hub_.set_memberships(removed, {general});
        tell_member(general, bob, true);
        hub_.set_memberships(back, {general});
    });
    for (Peer* const each : {&left, &removed, &back}) each->got();
    turn([&] { tell_activity(general); });
    EXPECT_THAT(left.got(), IsEmpty());
    EXPECT_THAT(removed.got(), ElementsAre("activity"));
    EXPECT_THAT(back.got(), ElementsAre("activity"));
}

TEST_F(HubTest, an_authors_sessions_that_have_not_joined_learn_that_it_is_read) {
    Peer& elsewhere = peer(ada);
    Peer& joined = peer(ada);
    turn([&] {
        hub_.set_memberships(elsewhere, {general});
        hub_.set_memberships(joined, {general});
    });
    join(joined, general, 0);
    turn([&] {
        model::MessageNew fresh;
        fresh.message.author = ada;
        fresh.message.seq = 7;
        send({general, 1, std::move(fresh)}, "new");
    });
    EXPECT_THAT(joined.got(), ElementsAre("new"));
    EXPECT_THAT(elsewhere.got(), ElementsAre("read"));
}

TEST_F(HubTest, who_is_removed_gets_nothing_more_of_the_thread_nor_of_its_replies) {
    const auto reply = id_of<model::ThreadId>(3);
    Peer& gone = peer(ada);
    Peer& stays = peer(bob);
    for (Peer* const each : {&gone, &stays}) {
        join(*each, general, 0);
        join(*each, random_talk, 0);
        turn([&] {
            hub_.hold(*each, reply);
            EXPECT_TRUE(hub_.release(*each, reply, 0, general));
        });
    }
    turn([&] {
        hub_.revoke({.user = ada, .thread = general});
        for (const auto thread : {general, reply, random_talk}) deliver(thread, 1);
    });
    EXPECT_THAT(gone.got(), ElementsAre("1"));
    EXPECT_THAT(stays.got(), ElementsAre("1", "1", "1"));
}

TEST_F(HubTest, a_join_that_a_removal_overtook_is_no_join) {
    Peer& joiner = peer(ada);
    turn([&] {
        hub_.hold(joiner, general);
        hub_.hold(joiner, random_talk);
        hub_.revoke({.user = ada, .thread = general});
        EXPECT_FALSE(hub_.has_joined(joiner, general));
        // It is not known yet what this one hangs off.
        EXPECT_FALSE(hub_.has_joined(joiner, random_talk));
        deliver(general, 1);
    });
    EXPECT_THAT(joiner.got(), IsEmpty());
}

TEST_F(HubTest, readers_of_replies_who_are_no_members_are_closed_when_the_thread_closes) {
    const auto reply = id_of<model::ThreadId>(3);
    Peer& member = peer(ada);
    Peer& stranger = peer(bob);
    turn([&] {
        hub_.set_memberships(member, {general});
        hub_.set_memberships(stranger, {});
        for (Peer* const each : {&member, &stranger}) {
            hub_.hold(*each, reply);
            EXPECT_TRUE(hub_.release(*each, reply, 0, general));
        }
        hub_.revoke({.thread = general});
        deliver(reply, 1);
    });
    EXPECT_THAT(member.got(), ElementsAre("1"));
    EXPECT_THAT(stranger.got(), IsEmpty());
    EXPECT_EQ(stranger.ended(), model::RevocationReason::thread_closed);
    EXPECT_FALSE(member.ended());
}

}  // namespace
}  // namespace banter::api::ws
