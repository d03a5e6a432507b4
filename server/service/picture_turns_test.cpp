// One user's many pictures wait for each other, and nobody for them.
#include "service/picture_turns.hpp"

#include "base/task_group.hpp"
#include "base/testing/run.hpp"

#include <gtest/gtest.h>

#include <list>
#include <string>
#include <vector>

namespace banter::service {
namespace {

model::UserId user(std::uint8_t number) {
    model::UserId id;
    id.uuid.bytes[15] = number;
    return id;
}

class PictureTurnsTest : public ::testing::Test {
public:
    /// Takes a turn and keeps it under `name`.
    Task<> take(std::string name, model::UserId who) {
        PictureTurns::Turn turn = co_await turns.take(who);
        order.push_back(name);
        held.emplace_back(std::move(turn));
    }
    void begin(const std::string& name, model::UserId who) {
        tasks.spawn("takes a turn", take(name, who));
        loop.poll();
        loop.restart();
    }
    /// The first turn that was taken and is still held goes.
    void give_back() {
        held.erase(held.begin());
        loop.poll();
        loop.restart();
    }

    asio::io_context loop{1};
    PictureTurns turns{2};
    std::list<PictureTurns::Turn> held;
    std::vector<std::string> order;
    TaskGroup tasks{loop.get_executor()};
};

using Names = std::vector<std::string>;

TEST_F(PictureTurnsTest, who_sends_many_waits_for_their_own_in_order) {
    for (const char* name : {"a1", "a2", "a3", "a4"}) begin(name, user(1));
    EXPECT_EQ(order, (Names{"a1", "a2"}));
    for (const char* name : {"b1", "b2", "b3"}) begin(name, user(2));
    EXPECT_EQ(order, (Names{"a1", "a2", "b1", "b2"}));
    give_back();
    EXPECT_EQ(order.back(), "a3");
    begin("a5", user(1));
    EXPECT_EQ(order.size(), 5U) << "nobody comes between";
    for (int i = 0; i < 4; ++i) give_back();
    EXPECT_EQ(order, (Names{"a1", "a2", "b1", "b2", "a3", "a4", "b3", "a5"}));
    while (!held.empty()) give_back();
    begin("a6", user(1));
    begin("a7", user(1));
    EXPECT_EQ(held.size(), 2U) << "all turns were given back";
}

TEST_F(PictureTurnsTest, who_goes_while_waiting_is_not_waited_for) {
    for (const char* name : {"a1", "a2"}) begin(name, user(1));
    TaskGroup leaving(loop.get_executor());
    leaving.spawn("waits", take("gone", user(1)));
    loop.poll();
    begin("a3", user(1));
    testing::run(loop, [](TaskGroup& group) -> Task<> {
        group.cancel();
        co_await group.wait();
    }(leaving));
    give_back();
    EXPECT_EQ(order, (Names{"a1", "a2", "a3"}));
    while (!held.empty()) give_back();
}

}  // namespace
}  // namespace banter::service
