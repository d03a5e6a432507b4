// What an operator writes is understood, or refused with what to change.
#include "storage/redis/options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::redis {
namespace {

RedisOptions parsed(std::string_view url) { return parse_options(url).value(); }

TEST(RedisOptions, a_host_alone_is_enough) {
    const auto options = parsed("redis://cache.example");
    EXPECT_EQ(options.places, (std::vector<Place>{{"cache.example", 6379}}));
    EXPECT_FALSE(options.tls);
    EXPECT_EQ(options.user + options.password + options.sentinel, "");
    EXPECT_EQ(options.database, 0U);
}

TEST(RedisOptions, all_of_it_is_understood) {
    const auto options = parsed("rediss://chat:p%40ss%3A@one:7000,[::1]:7001,three/5");
    EXPECT_TRUE(options.tls);
    EXPECT_EQ(options.user, "chat");
    EXPECT_EQ(options.password, "p@ss:");
    EXPECT_EQ(options.places, (std::vector<Place>{{"one", 7000}, {"::1", 7001}, {"three", 6379}}));
    EXPECT_EQ(options.database, 5U);
}

TEST(RedisOptions, a_password_needs_no_user_and_may_hold_what_an_url_would_escape) {
    EXPECT_EQ(parsed("redis://:secret@h").password, "secret");
    EXPECT_EQ(parsed("redis://:a/b@c:d@h").password, "a/b@c:d");
    EXPECT_EQ(parsed("redis://:a/b@c:d@h").places.at(0).host, "h");
}

TEST(RedisOptions, sentinels_have_a_port_of_their_own) {
    const auto options = parsed("redis://a,b:7000?sentinel=chat");
    EXPECT_EQ(options.sentinel, "chat");
    EXPECT_EQ(options.places, (std::vector<Place>{{"a", 26379}, {"b", 7000}}));
}

TEST(RedisOptions, whom_to_trust_is_a_file) {
    EXPECT_EQ(parsed("rediss://h?ca=/etc/ca%20of.pem&sentinel=x").ca_file, "/etc/ca of.pem");
}

TEST(RedisOptions, what_is_shown_holds_nothing_secret) {
    EXPECT_EQ(parsed("rediss://u:p@h:1,[::1]").shown(), "rediss://h:1,[::1]:6379");
}

TEST(RedisOptions, what_is_wrong_is_said_without_the_password) {
    for (const auto& [url, part] : std::vector<std::pair<std::string, std::string>>{
             {"http://h", "begin with redis://"},
             {"redis://", "names no host"},
             {"redis://h,", "names no host"},
             {"redis://:secret@", "names no host"},
             {"redis://:secret@h:x", "\"h:x\""},
             {"redis://h:0", "\"h:0\""},
             {"redis://h:65536", "\"h:65536\""},
             {"redis://[::1", "where a host belongs"},
             {"redis://[::1]7000", "where a host belongs"},
             {"redis://a b", "\"a b\""},
             {"redis://secret@h", "USER:PASSWORD@"},
             {"redis://:secret%2@h", "%25"},
             {"redis://h/x", "number of a database"},
             {"redis://h/-1", "number of a database"},
             {"redis://h?sentinel=", "nothing after sentinel="},
             {"redis://h?ca=/a.pem", "rediss://"},
             {"redis://h?mode=x", "\"mode\""},
         }) {
        const auto options = parse_options(url);
        ASSERT_FALSE(options) << url;
        EXPECT_NE(options.error().detail.find(part), std::string::npos) << options.error().detail;
        EXPECT_EQ(options.error().detail.find("secret"), std::string::npos)
            << options.error().detail;
    }
}

}  // namespace
}  // namespace banter::redis
