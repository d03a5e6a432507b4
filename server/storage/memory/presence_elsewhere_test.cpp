// Who is there on other nodes is what these told last.
#include "storage/memory/presence_elsewhere.hpp"

#include <gmock/gmock.h>

namespace banter::memory {
namespace {

using model::Presence;
using testing::ElementsAre;
using testing::IsEmpty;

const model::UserId ada{{{1}}};
const model::UserId bob{{{2}}};

model::UserPresence told(model::UserId user, Presence presence, int active = 0) {
    return {user, presence, Timestamp{std::chrono::milliseconds(active)}};
}

TEST(PresenceElsewhere, a_user_is_there_until_the_last_node_says_otherwise) {
    PresenceElsewhere elsewhere;
    EXPECT_FALSE(elsewhere.find(ada));
    elsewhere.hear(1, told(ada, Presence::online, 5));
    elsewhere.hear(2, told(ada, Presence::away, 7));
    EXPECT_EQ(elsewhere.find(ada)->presence, Presence::away) << "the newest activity";
    elsewhere.hear(2, told(ada, Presence::offline));
    EXPECT_EQ(elsewhere.find(ada)->presence, Presence::online);
    elsewhere.hear(1, told(ada, Presence::offline));
    EXPECT_FALSE(elsewhere.find(ada));
    elsewhere.hear(1, told(bob, Presence::offline));
    EXPECT_FALSE(elsewhere.find(bob));
}

TEST(PresenceElsewhere, who_is_not_in_the_list_of_a_node_is_not_there) {
    PresenceElsewhere elsewhere;
    elsewhere.hear(1, told(ada, Presence::online));
    elsewhere.hear(1, told(bob, Presence::online));
    elsewhere.hear(2, told(bob, Presence::online));
    elsewhere.begin_list(1);
    elsewhere.hear(1, told(ada, Presence::online));
    EXPECT_THAT(elsewhere.end_list(1), ElementsAre(bob));
    EXPECT_TRUE(elsewhere.find(ada));
    EXPECT_TRUE(elsewhere.find(bob)) << "the other node has him";
    EXPECT_THAT(elsewhere.end_list(1), IsEmpty());
}

TEST(PresenceElsewhere, with_a_node_go_those_that_it_had) {
    PresenceElsewhere elsewhere;
    elsewhere.hear(1, told(ada, Presence::online));
    elsewhere.hear(2, told(bob, Presence::online));
    EXPECT_THAT(elsewhere.lose(1), ElementsAre(ada));
    EXPECT_FALSE(elsewhere.find(ada));
    EXPECT_TRUE(elsewhere.find(bob));
}

}  // namespace
}  // namespace banter::memory
