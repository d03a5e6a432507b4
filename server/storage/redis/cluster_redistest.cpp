// In a cluster each channel is published and heard where it is, while slots move and servers fail.
// BANTER_TEST_REDIS_CLUSTER is where, as `--redis` takes it: three primaries of this machine with a
// replica each. BANTER_TEST_REDIS_CLUSTER_TLS is another, which speaks TLS.
#include "storage/redis/testing/cluster_slot.hpp"
#include "storage/redis/testing/pubsub.hpp"
#include "storage/redis/testing/server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banter::redis {
namespace {

using namespace std::chrono_literals;
using Strings = PubSub::Strings;

class RedisCluster : public ::testing::Test, protected PubSub {
protected:
    explicit RedisCluster(const char* variable = "BANTER_TEST_REDIS_CLUSTER")
        : PubSub(options_in(variable), Way::straight, 2s) {}

    TestServer server(const Place& place) { return {options, place}; }

    /// As one that is whole sees it.
    Survey look() {
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (std::chrono::steady_clock::now() < end) {
            for (const Place& place : options.places) {
                try {
                    Connection connection(loop.get_executor(), {options, resolving, times});
                    testing::run(loop, connection.open(place));
                    Survey found = testing::run(loop, survey(connection, place));
                    if (found.is_whole) return found;
                } catch (const RedisLost&) {}
            }
        }
        throw std::runtime_error("no server sees the cluster whole");
    }
    Place owner(std::size_t slot) {
        const Survey found = look();
        const Place* owner = found.map->owner(slot);
        if (owner == nullptr) throw std::runtime_error("nobody has the slot");
        return *owner;
    }
    Place owner_of(const std::string& name) { return owner(slot_of(channel(name))); }

    /// A replica of the primary, as it sees it; after a failover there is none for a while.
    Place replica(const Place& primary) {
        Place found;
        server(primary).until({"ROLE"}, [&](const Reply& role) {
            const auto& replicas = role.items.at(2).items;
            if (replicas.empty()) return false;
            const int port = std::stoi(replicas.front().items.at(1).text);
            found = Place{replicas.front().items.at(0).text, static_cast<std::uint16_t>(port)};
            return true;
        });
        return found;
    }

    /// Every server sees all three pairs again, and replicas have caught up.
    void settle() {
        for (const Place& place : options.places) {
            server(place).until({"CLUSTER", "INFO"}, [](const Reply& info) {
                return info.text.find("cluster_state:ok") != std::string::npos &&
                       info.text.find("cluster_slots_fail:0") != std::string::npos;
            });
            server(place).until({"CLUSTER", "SLOTS"}, [](const Reply& ranges) {
                return std::all_of(ranges.items.begin(), ranges.items.end(), [](const Reply& one) {
                    return one.items.size() >= 4;
                });
            });
        }
    }

    /// One channel at each of these servers.
    std::string channel_at(const Place& primary) {
        const Survey found = look();
        for (int number = 0;; ++number) {
            std::string name = channel(std::to_string(number));
            const Place* owner = found.map->owner(slot_of(name));
            if (owner != nullptr && *owner == primary) return name;
        }
    }

    void move(std::size_t slot, const Place& from, const Place& to) {
        const std::string number = std::to_string(slot);
        const std::string old_id = server(from).id();
        const std::string new_id = server(to).id();
        const auto set = [&](const Place& at, std::initializer_list<std::string_view> words) {
            const Reply reply = server(at).tell(words);
            ASSERT_EQ(reply.text, "OK");
        };
        set(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", old_id});
        set(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", new_id});
        set(to, {"CLUSTER", "SETSLOT", number, "NODE", new_id});
        set(from, {"CLUSTER", "SETSLOT", number, "NODE", new_id});
        // The others hear of it a little later.
        for (const Place& place : options.places) {
            server(place).until({"CLUSTER", "SLOTS"}, [&](const Reply& ranges) {
                const auto map = SlotMap::parse(ranges, place);
                const Place* owner = map ? map->owner(slot) : nullptr;
                return owner != nullptr && *owner == to;
            });
        }
    }
};

TEST_F(RedisCluster, channels_of_all_slots_are_published_and_heard) {
    std::vector<std::string> names(slot_count);
    std::size_t found = 0;
    for (int number = 0; found < slot_count; ++number) {
        const std::string name = std::to_string(number);
        std::string& place = names[slot_of(channel(name))];
        if (!place.empty()) continue;
        place = name;
        ++found;
    }
    for (const std::string& name : names) subscriber.want(channel(name));
    for (const std::string& name : names) ASSERT_TRUE(confirm(channel(name)));
    for (const std::string& name : names) publisher.publish(channel(name), "x");
    until([this] { return heard.size() >= slot_count; });
    EXPECT_EQ(std::set<std::string>(heard.begin(), heard.end()).size(), slot_count);
    until([this] { return publisher.published() == slot_count; });
    EXPECT_EQ(publisher.dropped(), 0U);
    EXPECT_EQ(anew, 0U);
}

TEST_F(RedisCluster, each_channel_is_heard_in_its_order_until_nobody_wants_it) {
    const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f"};
    for (const std::string& name : names) want_confirmed(channel(name));
    for (int i = 0; i < 500; ++i) {
        for (const std::string& name : names) publisher.publish(channel(name), std::to_string(i));
    }
    until([&] { return heard.size() == 500 * names.size(); });
    for (const std::string& name : names) {
        int next = 0;
        for (const std::string& one : heard) {
            if (!one.starts_with(name)) continue;
            EXPECT_EQ(one, name + "=" + std::to_string(next++));
        }
    }
    heard.clear();
    for (int i = 0; i < 100; ++i) {
        subscriber.unwant(channel("a"));
        if (i < 99) subscriber.want(channel("a"));
    }
    // Over the same link, and so behind it.
    want_confirmed(channel("x{" + channel("a") + "}"));
    publisher.publish(channel("a"), "nobody");
    publisher.publish(channel("b"), "last");
    until_heard(channel("b"), "last");
    EXPECT_EQ(std::count(heard.begin(), heard.end(), "a=nobody"), 0);
    EXPECT_EQ(anew, 0U);
}

TEST_F(RedisCluster, a_slot_that_moves_takes_its_channels_along) {
    const std::size_t slot = slot_of(channel("a"));
    const Place from = owner(slot);
    const auto primaries = look().map->primaries();
    const Place to = primaries[0] == from ? primaries[1] : primaries[0];
    want_confirmed(channel("a"));
    move(slot, from, to);
    until([this] { return anew > 0; });
    ASSERT_TRUE(confirm(channel("a")));
    // Whoever publishes may learn of it only now; nothing of it is lost.
    for (int i = 0; i < 100; ++i) publisher.publish(channel("a"), std::to_string(i));
    until([this] { return heard.size() >= 100; });
    Strings expected;
    for (int i = 0; i < 100; ++i) expected.push_back("a=" + std::to_string(i));
    EXPECT_EQ(heard, expected);
    EXPECT_EQ(publisher.dropped(), 0U);
    EXPECT_EQ(server(to).tell({"PUBSUB", "SHARDNUMSUB", channel("a")}).items.at(1).integer, 1);
    EXPECT_TRUE(publisher.is_up() && subscriber.is_up());
    move(slot, to, from);
    until([this] { return anew > 1; });
    until_heard(channel("a"), "back");
}

TEST_F(RedisCluster, a_slot_that_nobody_has_for_a_while_is_waited_for) {
    settle();
    want_confirmed(channel("a"));
    OrphanedSlot orphaned(options, slot_of(channel("a")));
    until([this] { return !confirm(channel("a"), 1ms); });
    publisher.publish(channel("a"), "nowhere");
    // Another of that slot.
    const std::string other = channel("b{" + channel("a") + "}");
    subscriber.want(other);
    EXPECT_FALSE(confirm(other, 300ms));
    orphaned.give_back();
    settle();
    until([this] { return anew > 0; });
    EXPECT_TRUE(confirm(channel("a")) && confirm(other));
    until_heard(channel("a"), "again");
}

TEST_F(RedisCluster, a_primary_that_is_killed_is_left_for_its_replica) {
    settle();
    const auto primaries = look().map->primaries();
    const std::string lost = channel_at(primaries[0]);
    const std::string other = channel_at(primaries[1]);
    want_confirmed(lost);
    want_confirmed(other);
    TestServer victim(options, primaries[0]);
    victim.kill();
    until([this] { return !subscriber.is_up(); });
    // The others go on meanwhile.
    until_heard(other, "meanwhile");
    until([this] { return anew > 0; });
    until_up();
    ASSERT_TRUE(confirm(lost));
    until_heard(lost, "after");
    EXPECT_NE(owner(slot_of(lost)), primaries[0]);
    victim.start();
    settle();
    until_heard(lost, "still");
    until_heard(other, "still");
}

TEST_F(RedisCluster, one_that_stands_still_is_left_for_its_replica) {
    settle();
    const Place before = look().map->primaries()[0];
    const std::string name = channel_at(before);
    want_confirmed(name);
    TestServer frozen(options, before);
    frozen.freeze();
    until([&] { return anew > 0 && confirm(name, 1ms); });
    until_heard(name, "after");
    until_up();
    frozen.thaw();
    settle();
    until_up();
    until_heard(name, "still");
}

TEST_F(RedisCluster, a_primary_that_becomes_a_replica_of_another_is_left_too) {
    settle();
    const auto primaries = look().map->primaries();
    const Place before = primaries[0];
    const Place after = replica(before);
    const std::string name = channel_at(before);
    want_confirmed(name);
    // The others agree to it only once in a while.
    server(before).until({"ROLE"}, [&, tries = 0](const Reply& role) mutable {
        if (tries++ % 200 == 0) server(after).tell({"CLUSTER", "FAILOVER"});
        return role.items.at(0).text == "slave";
    });
    EXPECT_EQ(server(before).tell({"CLUSTER", "REPLICATE", server(primaries[1]).id()}).text, "OK");
    until([&] { return anew > 0 && confirm(name, 1ms); });
    until_heard(name, "after");
    server(after).until({"PUBSUB", "SHARDNUMSUB", name}, [](const Reply& count) {
        return count.items.at(1).integer == 1;
    });
    // As it was.
    EXPECT_EQ(server(before).tell({"CLUSTER", "REPLICATE", server(after).id()}).text, "OK");
    settle();
    until_heard(name, "still");
}

TEST_F(
    RedisCluster,
    channels_that_come_and_go_during_failovers_and_moves_are_all_heard_in_the_end
) {
    const auto name = [this](int number) { return channel(std::to_string(number)); };
    constexpr int count = 300;
    // Every third one is there all the time, the others come and go.
    for (int number = 0; number < count; ++number) subscriber.want(name(number));
    int turn = 0;
    const auto churn = [&] {
        const int number = turn++ % count;
        if (number % 3 > 0) {
            subscriber.unwant(name(number));
            subscriber.want(name(number));
        }
        publisher.publish(name(number), "meanwhile");
    };
    settle();
    const auto primaries = look().map->primaries();
    for (const Place& primary : primaries) {
        const TestServer before = server(primary);
        const TestServer after = server(replica(primary));
        // The others agree to it only once in a while.
        for (int i = 0; before.tell({"ROLE"}).items.at(0).text == "master"; ++i) {
            if (i % 300 == 0) after.tell({"CLUSTER", "FAILOVER"});
            until([&churn, once = false]() mutable {
                churn();
                return std::exchange(once, true);
            });
        }
    }
    for (int round = 0; round < 3; ++round) {
        settle();
        const std::size_t slot = slot_of(name(0));
        const Place from = owner(slot);
        const auto now = look().map->primaries();
        const Place to = now[0] == from ? now[1] : now[0];
        move(slot, from, to);
        for (int i = 0; i < count; ++i) churn();
        until([this] { return confirm(channel("0"), 1ms); });
        move(slot, to, from);
    }
    heard.clear();
    std::set<std::string> missing;
    for (int number = 0; number < count; ++number) {
        missing.insert(std::to_string(number) + "=in the end");
    }
    until([&] {
        for (int number = 0; number < count; ++number) {
            if (missing.contains(std::to_string(number) + "=in the end")) {
                publisher.publish(name(number), "in the end");
            }
        }
        for (const std::string& one : heard) missing.erase(one);
        heard.clear();
        return missing.empty();
    });
    for (int number = 0; number < count; ++number) {
        subscriber.unwant(name(number));
    }
    EXPECT_EQ(subscriber.size(), 0U);
    until_up();
}

class RedisClusterEncrypted : public RedisCluster {
protected:
    RedisClusterEncrypted() : RedisCluster("BANTER_TEST_REDIS_CLUSTER_TLS") {}
};

TEST_F(RedisClusterEncrypted, channels_are_heard_at_each_primary_and_from_a_replica_in_its_place) {
    settle();
    const auto primaries = look().map->primaries();
    ASSERT_EQ(primaries.size(), 3U);
    std::vector<std::string> names;
    for (const Place& primary : primaries) names.push_back(channel_at(primary));
    for (const std::string& name : names) want_confirmed(name);
    for (const std::string& name : names) until_heard(name, "before");
    TestServer victim(options, primaries[0]);
    victim.kill();
    until([this] { return anew > 0; });
    until_up();
    for (const std::string& name : names) until_heard(name, "after");
    EXPECT_NE(owner(slot_of(names[0])), primaries[0]);
    victim.start();
    settle();
}

/// Runs as long as this lives.
class StartedLine {
public:
    StartedLine(asio::io_context& loop, std::unique_ptr<SubscriberLine> line)
        : loop_(loop), line_(std::move(line)) {
        line_->start();
    }
    ~StartedLine() { testing::run(loop_, line_->stop()); }
    StartedLine(const StartedLine&) = delete;
    StartedLine& operator=(const StartedLine&) = delete;

private:
    asio::io_context& loop_;
    std::unique_ptr<SubscriberLine> line_;
};

TEST_F(RedisCluster, one_whose_signs_of_life_end_is_taken_for_lost) {
    const Place place = look().map->primaries()[0];
    const std::string beats = channel_at(place);
    int losses = 0;
    SubscriberLine::Hooks hooks;
    bool is_heard = false;
    hooks.heard = [&](std::string_view) { is_heard = true; };
    hooks.anew = [] {};
    hooks.astray = [&] { ++losses; };
    const Berth berth{place, beats};
    const StartedLine line(
        loop, std::make_unique<SubscriberLine>(loop.get_executor(), parts, berth, hooks)
    );
    until([&] { return is_heard; });
    // Other nodes publish; this one hears it by way of the cluster once, and then no more.
    server(place).tell({"SPUBLISH", beats, ""});
    until([&] { return losses > 0; });
}

}  // namespace
}  // namespace banter::redis
