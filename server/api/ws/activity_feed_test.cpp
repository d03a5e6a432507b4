// At once, then once a second, the newest; mentions never wait.
#include "api/ws/activity_feed.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace banter::api::ws {
namespace {

using namespace std::chrono_literals;

class ActivityFeedTest : public testing::Test {
protected:
    model::Event message(model::Seq seq, bool mentions = false) {
        model::MessageNew fresh;
        fresh.message.seq = seq;
        fresh.message.mentions_all = mentions;
        model::Event event{thread, seq};
        event.body = std::move(fresh);
        return event;
    }
    static model::Seq seq_of(const model::SharedEvent& event) {
        return event ? std::get<model::ThreadActivity>(event->body).seq : 0;
    }
    model::Seq due() {
        const auto events = feed.due(now);
        EXPECT_LE(events.size(), 1U);
        return events.empty() ? 0 : seq_of(events.front());
    }

    ActivityFeed feed;
    SteadyTime now{1h};
    model::ThreadId thread{*model::parse_uuid("01900000-0000-7000-8000-000000000004")};
};

TEST_F(ActivityFeedTest, the_first_is_told_at_once_and_the_newest_after_a_second) {
    EXPECT_EQ(seq_of(feed.offer(message(1), now)), 1U);
    now += 300ms;
    EXPECT_EQ(feed.offer(message(2), now), nullptr);
    EXPECT_EQ(feed.offer(message(3), now), nullptr);
    now += 699ms;
    EXPECT_EQ(due(), 0U);
    now += 1ms;
    EXPECT_EQ(due(), 3U);
    EXPECT_EQ(due(), 0U);
    now += 999ms;
    EXPECT_EQ(feed.offer(message(4), now), nullptr) << "a second has not passed since";
    now += 1ms;
    EXPECT_EQ(due(), 4U);
}

TEST_F(ActivityFeedTest, a_mention_never_waits_and_is_never_covered) {
    EXPECT_EQ(seq_of(feed.offer(message(1), now)), 1U);
    EXPECT_EQ(feed.offer(message(2), now), nullptr);
    const auto mention = feed.offer(message(3, true), now);
    EXPECT_EQ(seq_of(mention), 3U);
    EXPECT_TRUE(std::get<model::ThreadActivity>(mention->body).mentioned_all);
    now += 1s;
    EXPECT_EQ(due(), 0U) << "nothing is newer than what was told";
}

TEST_F(ActivityFeedTest, what_is_no_new_message_is_no_activity_and_quiet_threads_are_forgotten) {
    model::Event update{thread, 5};
    update.body = model::MessageUpdate{};
    EXPECT_EQ(feed.offer(update, now), nullptr);
    EXPECT_EQ(feed.threads(), 0U);
    static_cast<void>(feed.offer(message(1), now));
    EXPECT_EQ(feed.threads(), 1U);
    now += 1s;
    EXPECT_EQ(due(), 0U);
    EXPECT_EQ(feed.threads(), 0U);
}

}  // namespace
}  // namespace banter::api::ws
