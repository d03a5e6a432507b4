// A Redis that won't do is refused at the start, with what to change and without the password.
#include "storage/redis/start_check.hpp"
#include "storage/redis/testing/cluster_slot.hpp"
#include "storage/redis/testing/pubsub.hpp"
#include "storage/redis/testing/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace banter::redis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* alone = "BANTER_TEST_REDIS";
constexpr const char* cluster = "BANTER_TEST_REDIS_CLUSTER";
constexpr const char* sentinel = "BANTER_TEST_REDIS_SENTINEL";

/// Why it won't do; empty: it will.
std::string trouble_with(const RedisOptions& options) {
    try {
        require_suitable(options, "banter:test:1");
    } catch (const std::runtime_error& failure) {
        const std::string text = failure.what();
        const bool tells = !options.password.empty() && text.find(options.password) != text.npos;
        EXPECT_FALSE(tells) << text;
        return text;
    }
    return {};
}

/// One who may do this alone, at all of these servers while the test runs.
class User {
public:
    User(RedisOptions options, std::vector<std::string_view> rules) : options_(options) {
        for (const Place& place : options.places) {
            TestServer server(options, place);
            EXPECT_EQ(
                server.tell({"ACL", "SETUSER", name, "reset", "on", ">users-password"}).text, "OK"
            );
            for (const std::string_view rule : rules) {
                EXPECT_EQ(server.tell({"ACL", "SETUSER", name, rule}).text, "OK") << rule;
            }
        }
    }
    ~User() {
        for (const Place& place : options_.places) {
            TestServer(options_, place).tell({"ACL", "DELUSER", name});
        }
    }

    [[nodiscard]] RedisOptions options() const {
        RedisOptions changed = options_;
        changed.user = name;
        changed.password = "users-password";
        return changed;
    }

private:
    static constexpr std::string_view name = "banter-test-user";
    RedisOptions options_;
};

TEST(RedisStart, what_will_do_is_taken) {
    for (const auto* variable : {alone, "BANTER_TEST_REDIS_TLS", cluster, sentinel}) {
        EXPECT_EQ(trouble_with(options_in(variable)), "") << variable;
    }
}

TEST(RedisStart, one_that_answers_is_enough) {
    RedisOptions options = options_in(alone);
    options.places.insert(options.places.begin(), Place{"127.0.0.1", 1});
    EXPECT_EQ(trouble_with(options), "");
}

TEST(RedisStart, who_is_not_there_is_named) {
    RedisOptions options = options_in(alone);
    options.places = {{"127.0.0.1", 1}};
    EXPECT_THAT(
        trouble_with(options),
        AllOf(HasSubstr("127.0.0.1:1"), HasSubstr("refused"), HasSubstr("URL"))
    );
    options.places = {{"no-such-host.invalid", 6379}};
    EXPECT_THAT(trouble_with(options), AllOf(HasSubstr("no-such-host"), HasSubstr("is unknown")));
    options = options_in(sentinel);
    options.places = {{"127.0.0.1", 1}};
    EXPECT_THAT(trouble_with(options), HasSubstr("127.0.0.1:1"));
}

TEST(RedisStart, wrong_or_missing_passwords_and_users_are_named_so) {
    for (const auto* variable : {alone, cluster}) {
        RedisOptions options = options_in(variable);
        options.password = "certainly wrong";
        EXPECT_THAT(trouble_with(options), HasSubstr("another user or password")) << variable;
        options = options_in(variable);
        options.user = "nobody";
        EXPECT_THAT(trouble_with(options), HasSubstr("another user or password"));
        options.user.clear();
        options.password.clear();
        EXPECT_THAT(trouble_with(options), HasSubstr("NOAUTH"));
    }
}

TEST(RedisStart, an_unsuitable_database_is_named) {
    RedisOptions options = options_in(alone);
    options.database = 99;
    EXPECT_THAT(trouble_with(options), HasSubstr("another /NUMBER"));
    options = options_in(cluster);
    options.database = 1;
    EXPECT_THAT(trouble_with(options), HasSubstr("leave the /NUMBER out"));
}

TEST(RedisStart, sentinels_and_servers_are_not_taken_for_each_other) {
    RedisOptions options = options_in(sentinel);
    options.sentinel.clear();
    EXPECT_THAT(trouble_with(options), HasSubstr("?sentinel=NAME"));
    options.sentinel = "another";
    EXPECT_THAT(trouble_with(options), HasSubstr("knows no \"another\""));
    options = options_in(alone);
    options.sentinel = "banter";
    EXPECT_THAT(trouble_with(options), AllOf(HasSubstr("does not tell"), HasSubstr("sentinel")));
}

TEST(RedisStart, encryption_that_fails_is_named_with_what_to_do) {
    RedisOptions options = options_in("BANTER_TEST_REDIS_TLS");
    const std::string ca = options.ca_file;
    options.ca_file.clear();
    EXPECT_THAT(trouble_with(options), AllOf(HasSubstr("encryption"), HasSubstr("ca=FILE")));
    options.ca_file = "/no/such/file";
    EXPECT_THAT(trouble_with(options), HasSubstr("whom to trust can't be read"));
    options.ca_file = ca;
    // A name that its certificate does not hold.
    options.places.front().host = "127.0.0.2";
    EXPECT_NE(trouble_with(options), "");
    options = options_in(alone);
    options.tls = true;
    EXPECT_NE(trouble_with(options), "");
    options = options_in("BANTER_TEST_REDIS_TLS");
    options.tls = false;
    EXPECT_THAT(trouble_with(options), HasSubstr("rediss://"));
}

TEST(RedisStart, a_user_with_the_rights_that_the_sentence_names_will_do) {
    const User one(
        options_in(alone),
        {"+publish",
         "+subscribe",
         "+unsubscribe",
         "+ping",
         "+cluster|info",
         "+cluster|slots",
         "&banter:*"}
    );
    EXPECT_EQ(trouble_with(one.options()), "");
    const User other(
        options_in(cluster),
        {"+spublish",
         "+ssubscribe",
         "+sunsubscribe",
         "+ping",
         "+cluster|info",
         "+cluster|slots",
         "&banter:*"}
    );
    EXPECT_EQ(trouble_with(other.options()), "");
}

TEST(RedisStart, a_user_without_one_of_them_is_refused_with_its_name) {
    for (const std::string_view missing :
         {"-publish", "-subscribe", "-unsubscribe", "resetchannels"}) {
        const User user(options_in(alone), {"+@all", "allchannels", missing});
        EXPECT_THAT(trouble_with(user.options()), HasSubstr("+publish +subscribe")) << missing;
    }
    for (const std::string_view missing : {"-spublish", "-ssubscribe", "resetchannels"}) {
        const User user(options_in(cluster), {"+@all", "allchannels", missing});
        EXPECT_THAT(trouble_with(user.options()), HasSubstr("+spublish +ssubscribe")) << missing;
    }
    const User blind(options_in(alone), {"+@all", "allchannels", "-cluster"});
    EXPECT_THAT(trouble_with(blind.options()), HasSubstr("+cluster|slots"));
    const User mute(options_in(alone), {"+@all", "allchannels", "-ping"});
    EXPECT_THAT(trouble_with(mute.options()), HasSubstr("+ping"));
}

TEST(RedisStart, a_cluster_that_is_down_is_named) {
    const RedisOptions options = options_in(cluster);
    OrphanedSlot orphaned(options, 0);
    TestServer(options, options.places.front()).until({"CLUSTER", "INFO"}, [](const Reply& info) {
        return info.text.find("cluster_state:fail") != std::string::npos;
    });
    EXPECT_THAT(trouble_with(options), HasSubstr("is down"));
    orphaned.give_back();
    for (const Place& place : options.places) {
        TestServer(options, place).until({"CLUSTER", "INFO"}, [](const Reply& info) {
            return info.text.find("cluster_state:ok") != std::string::npos;
        });
    }
    EXPECT_EQ(trouble_with(options), "");
}

/// Says to everybody that it is of this version, and in a cluster with this map.
class Liar {
public:
    Liar(std::string version, std::string slots)
        : version_(std::move(version)), slots_(std::move(slots)), serving_([this] { serve(); }) {}
    ~Liar() {
        stopping_ = true;
        asio::ip::tcp::socket last(loop_);
        boost::system::error_code ignored;
        last.connect(acceptor_.local_endpoint(), ignored);
    }

    [[nodiscard]] RedisOptions options() const {
        RedisOptions options;
        options.places = {{"127.0.0.1", acceptor_.local_endpoint().port()}};
        return options;
    }

private:
    void serve() {
        while (!stopping_) {
            auto peer = acceptor_.accept();
            boost::system::error_code gone;
            std::array<char, 1'000> room{};
            while (!stopping_) {
                const std::size_t size = peer.read_some(asio::buffer(room), gone);
                if (gone) break;
                const std::string answer = answer_to({room.data(), size});
                asio::write(peer, asio::buffer(answer), gone);
            }
        }
    }
    std::string answer_to(std::string_view asked) {
        if (asked.find("HELLO") != std::string_view::npos) {
            return "*2\r\n$7\r\nversion\r\n+" + version_ + "\r\n";
        }
        if (asked.find("CLUSTER") == std::string_view::npos) return "+PONG\r\n";
        return "+cluster_state:ok\r\n" + slots_;
    }

    std::string version_;
    std::string slots_;
    asio::io_context loop_;
    asio::ip::tcp::acceptor acceptor_{loop_, {asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> stopping_ = false;
    std::jthread serving_;
};

TEST(RedisStart, one_that_is_too_old_is_refused) {
    const Liar old("6.2.14", "");
    EXPECT_THAT(trouble_with(old.options()), AllOf(HasSubstr("6.2.14"), HasSubstr("7 or newer")));
}

TEST(RedisStart, a_primary_that_can_not_be_reached_from_here_is_named) {
    const Liar lost("7.0.0", "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:1\r\n");
    EXPECT_THAT(trouble_with(lost.options()), HasSubstr("127.0.0.1:1: it can't be reached"));
    const Liar confused("7.0.0", "*1\r\n:0\r\n");
    EXPECT_THAT(trouble_with(confused.options()), HasSubstr("nothing sensible"));
}

}  // namespace
}  // namespace banter::redis
