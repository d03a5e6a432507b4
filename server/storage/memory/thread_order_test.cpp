// Events pass in the order of their rev, each once, and a gap is closed from the log.
#include "storage/memory/thread_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

namespace banter::memory {

namespace {

using Revs = std::vector<model::Rev>;
using std::chrono::milliseconds;

SteadyTime at(int ms) { return SteadyTime{} + milliseconds(ms); }

model::ThreadId thread_id(std::uint8_t number) {
    model::ThreadId thread;
    thread.uuid.bytes.fill(number);
    return thread;
}

model::Message message(model::Seq seq, model::Rev rev) {
    model::Message made;
    made.seq = seq;
    made.rev = rev;
    return made;
}

class ThreadOrderTest : public testing::Test {
public:
    void offer(model::Rev rev, int ms = 0, std::uint8_t thread = 1) {
        model::Event event{thread_id(thread), rev, model::MessageNew{message(rev, rev)}};
        order.offer(std::make_shared<const model::Event>(std::move(event)), at(ms), ready);
    }
    Revs taken() {
        Revs revs;
        for (const auto& event : ready) revs.push_back(event->rev);
        ready.clear();
        return revs;
    }

    ThreadOrder order{OrderLimits{.threads_max = 8, .waiting_max = 4}};
    std::vector<model::SharedEvent> ready;
};

}  // namespace

TEST_F(ThreadOrderTest, events_in_order_pass_at_once) {
    for (model::Rev rev = 1; rev <= 5; ++rev) offer(rev);
    EXPECT_EQ(taken(), (Revs{1, 2, 3, 4, 5}));
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, the_first_event_of_a_thread_passes_whatever_its_rev) {
    offer(17);
    offer(18);
    EXPECT_EQ(taken(), (Revs{17, 18}));
}

TEST_F(ThreadOrderTest, an_event_that_passed_is_dropped_when_it_comes_again) {
    for (const model::Rev rev : {5, 6, 5, 6, 4, 7}) offer(rev);
    EXPECT_EQ(taken(), (Revs{5, 6, 7}));
}

TEST_F(ThreadOrderTest, events_without_a_rev_pass_always) {
    offer(5);
    offer(9);
    offer(0);
    EXPECT_EQ(taken(), (Revs{5, 0}));
}

TEST_F(ThreadOrderTest, a_higher_event_waits_for_the_missing_one) {
    offer(1);
    offer(3, 10);
    offer(4, 20);
    EXPECT_EQ(taken(), (Revs{1}));
    EXPECT_EQ(order.next_deadline(), at(60));
    EXPECT_TRUE(order.due(at(59)).empty());
    offer(2, 59);
    EXPECT_EQ(taken(), (Revs{2, 3, 4}));
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, threads_do_not_wait_for_each_other) {
    offer(1, 0, 1);
    offer(3, 0, 1);
    offer(1, 0, 2);
    offer(2, 0, 2);
    EXPECT_EQ(taken(), (Revs{1, 1, 2}));
}

TEST_F(ThreadOrderTest, a_gap_is_given_once_when_it_is_due_and_closed_with_what_the_log_has) {
    offer(1);
    offer(4);
    offer(5);
    const auto gaps = order.due(at(50));
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].thread, thread_id(1));
    EXPECT_EQ(gaps[0].after, 1U);
    EXPECT_EQ(gaps[0].up_to, 3U);
    EXPECT_TRUE(order.due(at(500)).empty());
    EXPECT_FALSE(order.next_deadline());
    (void)taken();
    order.close(gaps[0], {{message(2, 2), message(3, 3)}, {}}, at(60), ready);
    EXPECT_EQ(taken(), (Revs{2, 3, 4, 5}));
}

TEST_F(ThreadOrderTest, what_the_log_gives_is_new_or_an_update_by_its_seq) {
    offer(1);
    offer(4);
    const auto gaps = order.due(at(50));
    (void)taken();
    order.close(gaps.at(0), {{message(1, 2), message(2, 3)}, {}}, at(60), ready);
    ASSERT_EQ(ready.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<model::MessageUpdate>(ready[0]->body));
    EXPECT_TRUE(std::holds_alternative<model::MessageNew>(ready[1]->body));
}

TEST_F(ThreadOrderTest, a_gap_that_the_log_cannot_fill_is_left_behind) {
    offer(1);
    offer(4);
    const auto gaps = order.due(at(50));
    order.close(gaps.at(0), {}, at(60), ready);
    EXPECT_EQ(taken(), (Revs{1, 4}));
    offer(5);
    EXPECT_EQ(taken(), (Revs{5}));
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, late_events_pass_while_the_log_is_read_and_nothing_comes_twice) {
    offer(1);
    offer(4);
    const auto gaps = order.due(at(50));
    offer(2, 51);
    offer(3, 52);
    EXPECT_EQ(taken(), (Revs{1, 2, 3, 4}));
    order.close(gaps.at(0), {{message(2, 2), message(3, 3)}, {}}, at(60), ready);
    EXPECT_EQ(taken(), Revs{});
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, more_than_may_wait_is_read_from_the_log) {
    offer(1);
    for (model::Rev rev = 3; rev <= 10; ++rev) offer(rev);
    auto gaps = order.due(at(50));
    ASSERT_EQ(gaps.size(), 1U);
    order.close(gaps[0], {{message(2, 2)}, {}}, at(50), ready);
    EXPECT_EQ(taken(), (Revs{1, 2, 3, 4, 5, 6}));
    gaps = order.due(at(100));
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].after, 6U);
    EXPECT_EQ(gaps[0].up_to, 10U);
}

TEST_F(ThreadOrderTest, the_threads_that_are_remembered_are_bounded) {
    for (std::uint8_t thread = 1; thread <= 20; ++thread) {
        offer(1, 0, thread);
        EXPECT_LE(order.threads(), 8U);
    }
    (void)taken();
    offer(1, 0, 1);
    EXPECT_EQ(taken(), (Revs{1})) << "it was forgotten, so it begins anew";
    offer(1, 0, 20);
    EXPECT_EQ(taken(), Revs{});
}

TEST_F(ThreadOrderTest, a_thread_with_a_gap_is_not_forgotten) {
    offer(1, 0, 1);
    offer(3, 0, 1);
    for (std::uint8_t thread = 2; thread <= 20; ++thread) offer(1, 0, thread);
    (void)taken();
    const auto gaps = order.due(at(50));
    ASSERT_EQ(gaps.size(), 1U);
    order.close(gaps[0], {{message(2, 2)}, {}}, at(50), ready);
    EXPECT_EQ(taken(), (Revs{2, 3}));
}

TEST_F(ThreadOrderTest, what_the_log_has_is_read_at_once_behind_all_that_came) {
    offer(1);
    offer(3);
    offer(5);
    order.expect({.thread = thread_id(1), .rev = 6}, at(0));
    const auto gaps = order.due(at(250));
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].up_to, 6U) << "not one read for each rev that is missing";
    order.close(
        gaps[0],
        {{message(2, 2), message(3, 3), message(4, 4), message(5, 5), message(6, 6)}, {}},
        at(250),
        ready
    );
    EXPECT_EQ(taken(), (Revs{1, 2, 3, 4, 5, 6}));
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, what_the_log_is_known_to_have_is_not_waited_for_as_if_it_were_not) {
    ThreadOrder patient(OrderLimits{
        .patience = std::chrono::seconds(1), .patience_for_known = milliseconds(250)});
    patient.begin(thread_id(1), 1, at(0));
    patient.expect({.thread = thread_id(1), .rev = 3}, at(0));
    const auto gaps = patient.due(at(250));
    ASSERT_EQ(gaps.size(), 1U);
    patient.expect({.thread = thread_id(1), .rev = 5}, at(260));
    patient.close(gaps[0], {{message(2, 2), message(3, 3)}, {}}, at(270), ready);
    EXPECT_EQ(patient.next_deadline(), at(520)) << "it became known while the gap was read";
}

TEST_F(ThreadOrderTest, an_event_that_comes_after_all_needs_no_read) {
    offer(1);
    order.expect({.thread = thread_id(1), .rev = 2}, at(0));
    EXPECT_EQ(order.next_deadline(), at(250));
    offer(2, 100);
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, what_is_known_of_a_thread_without_an_event_counts_from_what_was_told) {
    order.expect({.thread = thread_id(1), .rev = 9, .told = 7}, at(0));
    const auto gaps = order.due(at(250));
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].after, 7U);
    EXPECT_EQ(gaps[0].up_to, 9U);
}

TEST_F(ThreadOrderTest, after_a_join_the_next_event_does_not_pass_whatever_its_rev) {
    order.begin(thread_id(1), 0, at(0));
    offer(2);
    EXPECT_EQ(taken(), Revs{});
    offer(1);
    EXPECT_EQ(taken(), (Revs{1, 2}));
    order.begin(thread_id(1), 2, at(10));
    EXPECT_FALSE(order.next_deadline());
}

TEST_F(ThreadOrderTest, what_was_on_its_way_when_somebody_began_is_told_to_the_others_once) {
    order.begin(thread_id(1), 2, at(0));
    for (const model::Rev rev : {1, 2, 2, 1, 3, 2, 4}) offer(rev);
    EXPECT_EQ(taken(), (Revs{1, 2, 3, 4}));
}

TEST_F(ThreadOrderTest, a_change_that_no_message_shows_is_told_as_an_update_of_the_thread) {
    offer(1);
    order.expect({.thread = thread_id(1), .rev = 3}, at(0));
    const auto gaps = order.due(at(250));
    (void)taken();
    Missing found;
    found.messages.push_back(message(2, 2));
    found.thread.emplace();
    found.thread->topic = "another";
    order.close(gaps.at(0), std::move(found), at(250), ready);
    ASSERT_EQ(ready.size(), 2U);
    EXPECT_EQ(ready[1]->rev, 3U);
    EXPECT_EQ(std::get<model::ThreadUpdate>(ready[1]->body).thread.topic, "another");
}

TEST_F(ThreadOrderTest, a_thread_that_is_forgotten_waits_for_nothing) {
    offer(1);
    offer(3);
    order.forget(thread_id(1));
    EXPECT_FALSE(order.next_deadline());
    EXPECT_EQ(order.told(thread_id(1)), std::nullopt);
    offer(9);
    EXPECT_EQ(taken(), (Revs{1, 9}));
}

TEST_F(ThreadOrderTest, any_order_of_coming_ends_in_the_right_one) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
        ThreadOrder shuffled(OrderLimits{.waiting_max = 3});
        std::vector<model::SharedEvent> out;
        Revs coming(30);
        std::iota(coming.begin(), coming.end(), model::Rev{2});
        std::shuffle(coming.begin(), coming.end(), random);
        coming.insert(coming.begin(), 1);
        int now = 0;
        const auto read_gaps = [&] {
            for (const auto& gap : shuffled.due(at(now))) {
                Missing found;
                for (auto rev = gap.after + 1; rev <= gap.up_to; ++rev)
                    found.messages.push_back(message(rev, rev));
                shuffled.close(gap, std::move(found), at(now), out);
            }
        };
        for (const model::Rev rev : coming) {
            model::Event event{thread_id(1), rev, model::MessageNew{message(rev, rev)}};
            shuffled.offer(std::make_shared<const model::Event>(std::move(event)), at(now), out);
            now += static_cast<int>(random() % 30);
            read_gaps();
        }
        while (shuffled.next_deadline()) {
            now += 50;
            read_gaps();
        }
        ASSERT_EQ(out.size(), 31U);
        for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i]->rev, i + 1);
    }
}

}  // namespace banter::memory
