// How every MessageStore is read back: pages, and what changed since a rev.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class HistoryContract : public World<Backend> {
public:
    void SetUp() override {
        ada = this->user("ada");
        thread = this->channel("general", ada);
    }
    void send_many(std::size_t count, std::string content = "text") {
        for (std::size_t i = 0; i < count; ++i) {
            sent.push_back(this->send(thread, ada, content));
            this->backend.clock().advance(std::chrono::seconds(1));
        }
    }
    std::vector<model::Seq> page(HistoryPlace place, std::size_t count = 3) {
        last = this->history(thread, ada, place, count);
        return seqs_of(last.messages);
    }
    std::vector<model::Seq> page_of_bytes(HistoryPlace place, std::size_t bytes) {
        HistoryRequest request{thread, ada, place, 10, bytes};
        last = this->expect(this->run(this->messages().history(request, allow)));
        return seqs_of(last.messages);
    }
    std::vector<model::Rev> changed(model::Rev since, std::size_t bytes_max = 128 * 1024) {
        last =
            this->expect(this->run(this->messages().changes(thread, ada, since, bytes_max, allow)));
        return revs_of(last.messages);
    }
    static std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
        std::vector<std::uint64_t> all;
        for (; first <= last; ++first) all.push_back(first);
        return all;
    }

    model::UserId ada;
    model::ThreadId thread;
    std::vector<model::Message> sent;
    History last;
};

TYPED_TEST_SUITE_P(HistoryContract);

using Seqs = std::vector<model::Seq>;

TYPED_TEST_P(HistoryContract, an_empty_thread_has_empty_pages_and_nothing_around_them) {
    for (const HistoryPlace place :
         {HistoryPlace{Newest{}},
          HistoryPlace{Before{5}},
          HistoryPlace{After{0}},
          HistoryPlace{Around{3}},
          HistoryPlace{AtTime{this->now()}}}) {
        EXPECT_EQ(this->page(place), Seqs{});
        EXPECT_FALSE(this->last.more_before);
        EXPECT_FALSE(this->last.more_after);
    }
    EXPECT_EQ(this->changed(0), Seqs{});
}

TYPED_TEST_P(HistoryContract, the_newest_page_ends_with_the_newest_message) {
    this->send_many(5);
    EXPECT_EQ(this->page(Newest{}), (Seqs{3, 4, 5}));
    EXPECT_TRUE(this->last.more_before);
    EXPECT_FALSE(this->last.more_after);
    EXPECT_EQ(this->last.view.thread.rev, 5U);
    EXPECT_EQ(this->page(Newest{}, 5), (Seqs{1, 2, 3, 4, 5}));
    EXPECT_FALSE(this->last.more_before);
}

TYPED_TEST_P(HistoryContract, pages_before_and_after_a_seq_leave_it_out) {
    this->send_many(10);
    EXPECT_EQ(this->page(Before{6}), (Seqs{3, 4, 5}));
    EXPECT_TRUE(this->last.more_before && this->last.more_after);
    EXPECT_EQ(this->page(Before{3}), (Seqs{1, 2}));
    EXPECT_FALSE(this->last.more_before);
    EXPECT_EQ(this->page(Before{1}), Seqs{});
    EXPECT_TRUE(!this->last.more_before && this->last.more_after);
    EXPECT_EQ(this->page(Before{0}), Seqs{});
    EXPECT_EQ(this->page(Before{UINT64_MAX}), (Seqs{8, 9, 10}));
    EXPECT_EQ(this->page(After{6}), (Seqs{7, 8, 9}));
    EXPECT_TRUE(this->last.more_before && this->last.more_after);
    EXPECT_EQ(this->page(After{0}), (Seqs{1, 2, 3}));
    EXPECT_EQ(this->page(After{8}), (Seqs{9, 10}));
    EXPECT_FALSE(this->last.more_after);
    EXPECT_EQ(this->page(After{10}), Seqs{});
    EXPECT_TRUE(this->last.more_before && !this->last.more_after);
    EXPECT_EQ(this->page(After{UINT64_MAX}), Seqs{});
}

TYPED_TEST_P(HistoryContract, a_page_around_a_seq_is_centred_as_far_as_it_goes) {
    this->send_many(10);
    EXPECT_EQ(this->page(Around{5}), (Seqs{4, 5, 6}));
    EXPECT_EQ(this->page(Around{1}), (Seqs{1, 2, 3}));
    EXPECT_EQ(this->page(Around{10}), (Seqs{8, 9, 10}));
    EXPECT_EQ(this->page(Around{0}), (Seqs{1, 2, 3}));
    EXPECT_EQ(this->page(Around{UINT64_MAX}), (Seqs{8, 9, 10}));
}

TYPED_TEST_P(HistoryContract, a_page_at_a_time_begins_with_the_first_message_from_then_on) {
    const auto start = this->now();
    this->send_many(10);
    EXPECT_EQ(this->page(AtTime{start + std::chrono::seconds(3)}), (Seqs{4, 5, 6}));
    EXPECT_EQ(this->page(AtTime{start + std::chrono::milliseconds(3001)}), (Seqs{5, 6, 7}));
    EXPECT_EQ(this->page(AtTime{start - std::chrono::hours(1)}), (Seqs{1, 2, 3}));
    EXPECT_EQ(this->page(AtTime{start + std::chrono::hours(1)}), Seqs{});
    EXPECT_TRUE(this->last.more_before && !this->last.more_after);
}

TYPED_TEST_P(HistoryContract, a_page_that_is_too_large_is_cut_at_its_far_end) {
    this->send_many(10, std::string(1000, 'x'));
    const std::size_t three = 3 * model::wire_size_bound(this->sent.front());
    EXPECT_EQ(this->page_of_bytes(Newest{}, three), (Seqs{8, 9, 10}));
    EXPECT_TRUE(this->last.more_before);
    EXPECT_EQ(this->page_of_bytes(Before{9}, three), (Seqs{6, 7, 8}));
    EXPECT_EQ(this->page_of_bytes(After{2}, three), (Seqs{3, 4, 5}));
    EXPECT_EQ(this->page_of_bytes(Around{6}, three), (Seqs{5, 6, 7}));
    EXPECT_EQ(this->page_of_bytes(Newest{}, 1), (Seqs{10})) << "one message is always given";
    EXPECT_EQ(this->page_of_bytes(After{2}, 1), (Seqs{3}));
}

TYPED_TEST_P(HistoryContract, the_rule_is_asked_before_messages_are_given) {
    this->send_many(1);
    const auto refuse = [](const model::ThreadView& view) -> std::optional<Error> {
        return Error{Errc::forbidden, view.thread.name};
    };
    HistoryRequest request{this->thread, this->ada, Newest{}};
    const auto page = this->run(this->messages().history(request, refuse));
    ASSERT_FALSE(page.has_value());
    EXPECT_EQ(page.error().code, Errc::forbidden);
    EXPECT_FALSE(
        this->run(this->messages().changes(this->thread, this->ada, 0, 1000, refuse)).has_value()
    );
    request.thread = this->template make<model::ThreadId>();
    EXPECT_EQ(this->run(this->messages().history(request, allow)).error().code, Errc::not_found);
    EXPECT_EQ(
        this->run(this->messages().changes(request.thread, this->ada, 0, 1000, allow)).error().code,
        Errc::not_found
    );
}

TYPED_TEST_P(
    HistoryContract,
    the_newest_page_follows_every_change_and_shows_whose_reactions_are_mine
) {
    const auto bob = this->user("bob");
    this->send_many(3);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(this->page(Newest{}, 50), (Seqs{1, 2, 3}));
        EXPECT_EQ(this->last.messages[0].content, "text");
    }
    this->edit(this->sent[0], "edited");
    EXPECT_EQ(this->page(Newest{}, 50), (Seqs{1, 2, 3}));
    EXPECT_EQ(this->last.messages[0].content, "edited");
    EXPECT_TRUE(this->last.messages[0].edited_at.has_value());
    this->react(this->sent[1], bob, ":x:");
    for (int round = 0; round < 2; ++round) {
        this->page(Newest{}, 50);
        EXPECT_FALSE(this->last.messages[1].reactions.at(0).mine);
        const auto bobs = this->history(this->thread, bob, Newest{});
        EXPECT_TRUE(bobs.messages[1].reactions.at(0).mine);
    }
    this->remove(this->sent[2]);
    this->page(Newest{}, 2);
    EXPECT_EQ(seqs_of(this->last.messages), (Seqs{2, 3}));
    EXPECT_TRUE(this->last.messages[1].deleted_at.has_value());
}

TYPED_TEST_P(HistoryContract, every_change_after_a_rev_comes_once_in_its_present_state) {
    this->send_many(5);
    this->edit(this->sent[1], "edited once");      // rev 6
    this->edit(this->sent[1], "edited twice");     // rev 7
    this->react(this->sent[3], this->ada, ":x:");  // rev 8
    EXPECT_EQ(this->changed(0), (Seqs{1, 3, 5, 7, 8}));
    EXPECT_EQ(this->last.messages[3].content, "edited twice");
    EXPECT_TRUE(this->last.messages[4].reactions.at(0).mine);
    EXPECT_FALSE(this->last.more_after);
    EXPECT_EQ(this->changed(4), (Seqs{5, 7, 8}));
    EXPECT_EQ(this->changed(6), (Seqs{7, 8}));
    EXPECT_EQ(this->changed(8), Seqs{});
    EXPECT_EQ(this->changed(99), Seqs{});
    EXPECT_EQ(this->changed(UINT64_MAX / 4), Seqs{});
}

TYPED_TEST_P(HistoryContract, changes_come_in_parts_of_at_most_five_hundred) {
    this->send_many(640);
    for (std::size_t i = 0; i < 70; ++i) this->edit(this->sent[i * 9], "edited");
    std::vector<model::Rev> revs = this->changed(0, SIZE_MAX);
    EXPECT_EQ(revs.size(), model::limits::resume_messages_max);
    EXPECT_TRUE(this->last.more_after);
    const auto rest = this->changed(revs.back(), SIZE_MAX);
    EXPECT_FALSE(this->last.more_after);
    revs.insert(revs.end(), rest.begin(), rest.end());
    EXPECT_EQ(revs.size(), 640U);
    EXPECT_TRUE(std::is_sorted(revs.begin(), revs.end()));
    EXPECT_EQ(revs.back(), 710U);
}

TYPED_TEST_P(HistoryContract, changes_are_cut_by_bytes_but_never_to_nothing) {
    this->send_many(5, std::string(1000, 'x'));
    EXPECT_EQ(this->changed(0, 2 * model::wire_size_bound(this->sent[0])), (Seqs{1, 2}));
    EXPECT_TRUE(this->last.more_after);
    EXPECT_EQ(this->changed(2, 1), (Seqs{3}));
    EXPECT_TRUE(this->last.more_after);
    EXPECT_EQ(this->changed(4, 1), (Seqs{5}));
    EXPECT_FALSE(this->last.more_after);
}

TYPED_TEST_P(HistoryContract, a_gap_is_read_from_the_log) {
    this->send_many(5);
    this->edit(this->sent[0], "edited");  // rev 6
    const auto between = [&](model::Rev after, model::Rev up_to) {
        return revs_of(this->run(this->messages().changed_between(this->thread, after, up_to)));
    };
    EXPECT_EQ(between(2, 4), (Seqs{3, 4}));
    EXPECT_EQ(between(0, 6), (Seqs{2, 3, 4, 5, 6}));
    EXPECT_EQ(between(5, 6), (Seqs{6}));
    EXPECT_EQ(between(0, 1), Seqs{}) << "what it told is covered by a later change";
    EXPECT_EQ(between(6, 9), Seqs{});
    const auto nowhere = this->template make<model::ThreadId>();
    EXPECT_TRUE(this->run(this->messages().changed_between(nowhere, 0, 9)).empty());
}

TYPED_TEST_P(HistoryContract, random_changes_read_back_as_a_simple_model_has_them) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto below = [&](std::size_t bound) { return std::size_t{random() % bound}; };
    std::vector<model::UserId> users{this->ada};
    for (const char* name : {"bob", "eve", "joe"}) {
        users.push_back(this->user(name));
        this->join(this->thread, users.back());
    }
    std::vector<model::Message> expected;
    model::Rev rev = 0;
    const std::vector<std::string> emoji{":a:", ":b:", ":c:"};

    const auto apply = [&](Result<model::MessageChange> change, model::Message& message) {
        if (!change) {
            EXPECT_TRUE(message.deleted_at.has_value());
            return;
        }
        EXPECT_EQ(change->message.rev, change->changed ? rev + 1 : message.rev);
        if (change->changed) ++rev;
        message = change->message;
    };
    for (int step = 0; step < 400; ++step) {
        const std::size_t kind = expected.empty() ? 0 : below(10);
        const auto user = users[below(users.size())];
        if (kind < 4) {
            expected.push_back(this->send(this->thread, user, std::to_string(below(1000))));
            EXPECT_EQ(expected.back().seq, expected.size());
            EXPECT_EQ(expected.back().rev, ++rev);
            continue;
        }
        model::Message& message = expected[below(expected.size())];
        if (kind < 6) {
            apply(this->try_edit(message, std::to_string(below(4))), message);
        } else if (kind < 9) {
            apply(this->try_react(message, user, emoji[below(3)], below(3) > 0), message);
        } else if (below(3) == 0) {
            apply(this->remove(message), message);
        }
        if (below(50) == 0) this->backend.reopen();
    }
    const auto by_seq = this->history(this->thread, this->ada, After{0}, 400);
    ASSERT_EQ(by_seq.messages.size(), expected.size());
    EXPECT_EQ(by_seq.view.thread.rev, rev);
    EXPECT_EQ(by_seq.view.thread.seq, expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(by_seq.messages[i].id, expected[i].id);
        EXPECT_EQ(by_seq.messages[i].rev, expected[i].rev);
        EXPECT_EQ(by_seq.messages[i].content, expected[i].content);
        EXPECT_EQ(by_seq.messages[i].deleted_at, expected[i].deleted_at);
        ASSERT_EQ(by_seq.messages[i].reactions.size(), expected[i].reactions.size());
        for (std::size_t r = 0; r < expected[i].reactions.size(); ++r) {
            EXPECT_EQ(by_seq.messages[i].reactions[r].users, expected[i].reactions[r].users);
        }
    }
    for (int sample = 0; sample < 20; ++sample) {
        const model::Rev since = below(rev + 1);
        std::vector<model::Rev> revs;
        for (const auto& message : expected) {
            if (message.rev > since) revs.push_back(message.rev);
        }
        std::sort(revs.begin(), revs.end());
        EXPECT_EQ(this->changed(since, SIZE_MAX), revs) << "since " << since;
    }
    model::Rev told = 0;
    for (const auto& event : this->events()) EXPECT_EQ(event->rev, ++told);
    EXPECT_EQ(told, rev);
}

REGISTER_TYPED_TEST_SUITE_P(
    HistoryContract,
    an_empty_thread_has_empty_pages_and_nothing_around_them,
    the_newest_page_ends_with_the_newest_message,
    pages_before_and_after_a_seq_leave_it_out,
    a_page_around_a_seq_is_centred_as_far_as_it_goes,
    a_page_at_a_time_begins_with_the_first_message_from_then_on,
    a_page_that_is_too_large_is_cut_at_its_far_end,
    the_rule_is_asked_before_messages_are_given,
    the_newest_page_follows_every_change_and_shows_whose_reactions_are_mine,
    every_change_after_a_rev_comes_once_in_its_present_state,
    changes_come_in_parts_of_at_most_five_hundred,
    changes_are_cut_by_bytes_but_never_to_nothing,
    a_gap_is_read_from_the_log,
    random_changes_read_back_as_a_simple_model_has_them
);

}  // namespace banter::storage
