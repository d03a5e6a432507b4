// Channels find the server of a cluster that has them.
#include "storage/redis/slots.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::redis {
namespace {

const Place asked{"10.0.0.9", 7000};

Reply read(std::string_view bytes) {
    ReplyReader reader;
    reader.feed(bytes);
    return reader.next().value();
}

Reply number(std::int64_t value) {
    Reply reply;
    reply.kind = Reply::Kind::integer;
    reply.integer = value;
    return reply;
}

Reply list(std::vector<Reply> items) {
    Reply reply;
    reply.kind = Reply::Kind::list;
    reply.items = std::move(items);
    return reply;
}

Reply node(std::string host, std::int64_t port) {
    Reply name;
    name.kind = Reply::Kind::text;
    name.text = std::move(host);
    return list({name, number(port)});
}

TEST(Slots, a_channel_is_in_the_slot_that_redis_says) {
    // What CLUSTER KEYSLOT of Redis 7.0 says.
    EXPECT_EQ(slot_of("123456789"), 12'739U);
    EXPECT_EQ(slot_of(""), 0U);
    EXPECT_EQ(slot_of("foo"), 12'182U);
    EXPECT_EQ(slot_of("room{42}"), 8'000U);
    EXPECT_EQ(slot_of("{42}"), 8'000U);
    EXPECT_EQ(slot_of("a{foo}b{bar}"), slot_of("foo"));
    EXPECT_NE(slot_of("{}foo"), slot_of("foo"));
    EXPECT_EQ(slot_of("{{foo}}"), slot_of("{foo"));
    EXPECT_NE(slot_of("{foo"), slot_of("foo"));
}

TEST(Slots, each_slot_has_its_owner_or_none) {
    const auto map = SlotMap::parse(
        list(
            {list({number(0), number(99), node("a", 1), node("b", 2)}),
             list({number(100), number(100), node("c", 3)}),
             list({number(200), number(16'383), node("a", 1), node("b", 2)})}
        ),
        asked
    );
    ASSERT_TRUE(map);
    EXPECT_EQ(*map->owner(0), (Place{"a", 1}));
    EXPECT_EQ(*map->owner(100), (Place{"c", 3}));
    EXPECT_EQ(map->owner(101), nullptr);
    EXPECT_EQ(*map->owner(16'383), (Place{"a", 1}));
    EXPECT_EQ(map->primaries(), (std::vector<Place>{{"a", 1}, {"c", 3}}));
    EXPECT_EQ(map->nodes(), (std::vector<Place>{{"a", 1}, {"b", 2}, {"c", 3}}));
    for (const Place& primary : map->primaries()) {
        EXPECT_EQ(*map->owner(slot_of(map->beat_channel(primary))), primary);
    }
}

TEST(Slots, who_does_not_know_its_own_host_is_where_it_was_asked) {
    const auto map =
        SlotMap::parse(read("*1\r\n*3\r\n:0\r\n:1\r\n*3\r\n$0\r\n\r\n:7\r\n$1\r\nx\r\n"), asked);
    ASSERT_TRUE(map);
    EXPECT_EQ(*map->owner(1), (Place{"10.0.0.9", 7}));
}

TEST(Slots, what_is_no_map_is_none) {
    for (const std::string_view bytes :
         {"+OK\r\n",
          "-ERR no\r\n",
          "*1\r\n:1\r\n",
          "*1\r\n*2\r\n:0\r\n:1\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n:5\r\n",
          "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:-1\r\n:1\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:5\r\n:1\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\na\r\n:0\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\na\r\n:65536\r\n"}) {
        EXPECT_FALSE(SlotMap::parse(read(bytes), asked)) << bytes;
    }
}

}  // namespace
}  // namespace banter::redis
