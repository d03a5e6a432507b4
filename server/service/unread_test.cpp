// Unread counts and mentions equal a recount, whatever happened before: random things on three
// loops at once, held against a model that counts anew each time.
#include "model/limits.hpp"
#include "service/testing/world.hpp"

#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>

namespace banter::service {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr int steps = 10'000;
#else
constexpr int steps = 100'000;
#endif
constexpr std::size_t loop_count = 3;
constexpr std::size_t people = 6;
constexpr std::size_t rooms = 16;

/// A message as the model knows it.
struct Said {
    model::MessageId id;
    std::size_t author = 0;
    std::vector<bool> mentions = std::vector<bool>(people);
    bool mentions_all = false;
    bool deleted = false;
};

struct Room {
    model::ThreadId id;
    std::vector<Said> said;
    /// By person; nothing for who is no member.
    std::vector<std::optional<model::Seq>> read = std::vector<std::optional<model::Seq>>(people);

    [[nodiscard]] std::uint32_t mentions_of(std::size_t person) const {
        std::uint32_t count = 0;
        for (std::size_t at = *read[person]; at < said.size(); ++at) {
            if (said[at].mentions[person] || said[at].mentions_all) ++count;
        }
        return std::min(count, model::limits::mention_count_max);
    }
};

/// What a step did; the message if it made or changed one.
struct Done {
    std::optional<Errc> refused;
    std::optional<model::Message> message;
};

Done done(const Result<model::Message>& result) {
    if (!result) return {.refused = result.error().code};
    return {.message = *result};
}

Done done(std::optional<Errc> refused) { return {.refused = refused}; }

Task<Done> send(Place& place, Caller caller, model::SendMessage request) {
    const auto sent = co_await place.messages.send(caller, std::move(request));
    co_return done(sent);
}

Task<Done> edit(Place& place, Caller caller, model::EditMessage request) {
    const auto edited = co_await place.messages.edit(caller, std::move(request));
    co_return done(edited);
}

Task<Done> remove(Place& place, Caller caller, model::MessageId message) {
    const auto removed = co_await place.messages.remove(caller, message);
    co_return done(removed);
}

Task<Done> mark(Place& place, Caller caller, model::ThreadId thread, model::Seq seq) {
    const auto marked = co_await place.read_marks.mark(caller, thread, seq);
    co_return done(code_of(marked));
}

Task<Done> set_read(Place& place, Caller caller, model::ThreadId thread, model::Seq seq) {
    const auto set = co_await place.read_marks.set(caller, thread, seq);
    co_return done(code_of(set));
}

Task<Done> join(Place& place, Caller caller, model::ThreadId thread) {
    const auto joined = co_await place.threads.join(caller, thread);
    co_return done(code_of(joined));
}

Task<Done> leave(Place& place, Caller caller, model::ThreadId thread) {
    const auto refused = co_await place.threads.leave(caller, thread);
    std::optional<Errc> code;
    if (refused) code = refused->code;
    co_return done(code);
}

Task<Done> prefer(Place& place, Caller caller, SetPreferences request) {
    const auto set = co_await place.threads.set_preferences(caller, request);
    co_return done(code_of(set));
}

/// A step that is under way, and what it does to the model.
struct Step {
    Task<Done> task;
    std::function<void(const Done&)> apply;
};

class UnreadTest : public ::testing::Test {
protected:
    UnreadTest() {
        for (std::size_t i = 0; i < people; ++i) {
            callers.push_back(world.caller("p" + std::to_string(i)));
        }
        for (Room& room : all) {
            room.id = world.channel(callers[0], "room" + std::to_string(&room - all.data()));
            room.read[0] = 0;
        }
    }

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random.below(bound)); }
    bool chance(std::size_t percent) { return below(100) < percent; }

    /// Somebody who is in the room.
    std::size_t member_of(const Room& room) {
        std::size_t person = below(people);
        while (!room.read[person]) person = (person + 1) % people;
        return person;
    }

    /// A content, and whom of the room's members it mentions.
    std::string content(const Room& room, Said& said) {
        std::string text = "x";
        said.mentions.assign(people, false);
        said.mentions_all = chance(5);
        if (said.mentions_all) text += " <!here>";
        for (std::size_t person = 0; person < people; ++person) {
            if (!chance(25)) continue;
            text += " <@" + callers[person].user.text() + ">";
            said.mentions[person] = room.read[person].has_value();
        }
        return text + " " + std::to_string(++contents);
    }

    Step plan(Room& room, Place& place);
    Step plan_send(Room& room, Place& place);
    Step plan_edit(Room& room, Place& place);
    Step plan_remove(Room& room, Place& place);
    Step plan_mark(Room& room, Place& place);
    Step plan_set_read(Room& room, Place& place);
    Step plan_join(Room& room, Place& place);
    Step plan_leave(Room& room, Place& place);
    Step plan_prefer(Room& room, Place& place);

    /// One step in each room, all at once; several of them in one transaction.
    void run_round();
    void expect_counts(const Room& room, std::size_t person, const model::ThreadView& view) const;
    void compare();
    void compare_all();

    std::uint64_t seed = std::random_device{}();
    SeededRandom random{seed};
    World world{{.sends = {.sends = {.per_second = 0}}}, loop_count};
    std::vector<Caller> callers;
    std::vector<Room> all = std::vector<Room>(rooms);
    std::uint64_t contents = 0;
};

Step UnreadTest::plan_send(Room& room, Place& place) {
    const std::size_t author = member_of(room);
    Said said{.author = author};
    model::SendMessage request = world.sending(room.id, content(room, said));
    return {send(place, callers[author], std::move(request)), [&room, said](const Done& done) {
                ASSERT_TRUE(done.message);
                ASSERT_EQ(done.message->seq, room.said.size() + 1);
                room.said.push_back(said);
                room.said.back().id = done.message->id;
                room.read[said.author] = room.said.size();
            }};
}

Step UnreadTest::plan_edit(Room& room, Place& place) {
    const std::size_t at = below(room.said.size());
    Said said = room.said[at];
    // Who is gone edits nothing.
    if (!room.read[said.author]) return plan_send(room, place);
    model::EditMessage request{.message = said.id, .content = content(room, said)};
    return {
        edit(place, callers[said.author], std::move(request)), [&room, said, at](const Done& done) {
            if (room.said[at].deleted) {
                EXPECT_EQ(done.refused, Errc::conflict);
            } else {
                EXPECT_FALSE(done.refused);
                room.said[at] = said;
            }
        }};
}

Step UnreadTest::plan_remove(Room& room, Place& place) {
    const std::size_t at = below(room.said.size());
    return {
        remove(place, callers[room.said[at].author], room.said[at].id),
        [&room, at](const Done& done) {
            EXPECT_FALSE(done.refused);
            Said& said = room.said[at];
            said.deleted = true;
            said.mentions.assign(people, false);
            said.mentions_all = false;
        }};
}

Step UnreadTest::plan_mark(Room& room, Place& place) {
    const std::size_t person = member_of(room);
    const model::Seq seq = below(room.said.size() + 1);
    return {mark(place, callers[person], room.id, seq), [&room, person, seq](const Done& done) {
                EXPECT_FALSE(done.refused);
                room.read[person] = std::max(*room.read[person], seq);
            }};
}

Step UnreadTest::plan_set_read(Room& room, Place& place) {
    const std::size_t person = member_of(room);
    // Often far enough back for more mentions than are counted.
    const model::Seq seq = chance(50) ? below(room.said.size() + 1) : 0;
    return {set_read(place, callers[person], room.id, seq), [&room, person, seq](const Done& done) {
                EXPECT_FALSE(done.refused);
                room.read[person] = seq;
            }};
}

Step UnreadTest::plan_join(Room& room, Place& place) {
    const std::size_t person = below(people);
    return {join(place, callers[person], room.id), [&room, person](const Done& done) {
                EXPECT_FALSE(done.refused);
                // Who comes has read all; who is there already keeps the marker.
                if (!room.read[person]) room.read[person] = room.said.size();
            }};
}

Step UnreadTest::plan_leave(Room& room, Place& place) {
    const auto members = std::count_if(room.read.begin(), room.read.end(), [](const auto& read) {
        return read.has_value();
    });
    if (members < 2) return plan_join(room, place);
    const std::size_t person = member_of(room);
    return {leave(place, callers[person], room.id), [&room, person](const Done& done) {
                EXPECT_FALSE(done.refused);
                room.read[person].reset();
            }};
}

/// A muted thread counts as any other.
Step UnreadTest::plan_prefer(Room& room, Place& place) {
    const std::size_t person = member_of(room);
    SetPreferences request{.thread = room.id, .level = model::Level::none};
    if (chance(50)) request.muted_until = world.clock.now() + std::chrono::hours(1);
    return {prefer(place, callers[person], request), [](const Done& done) {
                EXPECT_FALSE(done.refused);
            }};
}

Step UnreadTest::plan(Room& room, Place& place) {
    const std::size_t roll = below(100);
    if (room.said.empty() || roll < 40) return plan_send(room, place);
    if (roll < 55) return plan_edit(room, place);
    if (roll < 63) return plan_remove(room, place);
    if (roll < 80) return plan_mark(room, place);
    if (roll < 92) return plan_set_read(room, place);
    if (roll < 96) return plan_join(room, place);
    return roll < 98 ? plan_leave(room, place) : plan_prefer(room, place);
}

void UnreadTest::run_round() {
    std::vector<Task<Done>> tasks;
    std::vector<std::function<void(const Done&)>> changes;
    const std::size_t first_loop = below(loop_count);
    for (std::size_t i = 0; i < rooms; ++i) {
        // run_across spreads them over the loops in turn.
        Step step = plan(all[i], world.at((first_loop + i) % loop_count));
        tasks.push_back(std::move(step.task));
        changes.push_back(std::move(step.apply));
    }
    const auto results = world.run_across(std::move(tasks), first_loop, loop_count);
    for (std::size_t i = 0; i < rooms; ++i) changes[i](results[i]);
    world.events.clear();
}

void UnreadTest::expect_counts(const Room& room, std::size_t person, const model::ThreadView& view)
    const {
    ASSERT_EQ(view.membership.has_value(), room.read[person].has_value());
    if (!view.membership) return;
    EXPECT_EQ(view.membership->read_seq, *room.read[person]);
    EXPECT_EQ(view.membership->unread, room.said.size() - *room.read[person]);
    EXPECT_EQ(view.membership->mentions, room.mentions_of(person));
}

/// Somebody's view of each room, all at once: each read writes the marks that wait first.
void UnreadTest::compare() {
    std::vector<Task<Result<model::ThreadView>>> finds;
    std::vector<std::size_t> askers;
    const std::size_t first_loop = below(loop_count);
    for (std::size_t i = 0; i < rooms; ++i) {
        askers.push_back(below(people));
        Place& place = world.at((first_loop + i) % loop_count);
        finds.push_back(place.threads.find(callers[askers[i]], all[i].id));
    }
    const auto found = world.run_across(std::move(finds), first_loop, loop_count);
    for (std::size_t i = 0; i < rooms; ++i) {
        ASSERT_TRUE(found[i]);
        expect_counts(all[i], askers[i], *found[i]);
    }
}

/// Everybody's list of all their rooms.
void UnreadTest::compare_all() {
    for (std::size_t person = 0; person < people; ++person) {
        const auto listed =
            world.run(world->threads.list(callers[person], model::PageRequest{.limit = 200}));
        ASSERT_TRUE(listed);
        std::size_t members = 0;
        for (const Room& room : all) members += room.read[person] ? 1 : 0;
        EXPECT_EQ(listed->items.size(), members);
        for (const model::ThreadView& view : listed->items) {
            const auto room = std::find_if(all.begin(), all.end(), [&](const Room& one) {
                return one.id == view.thread.id;
            });
            expect_counts(*room, person, view);
        }
    }
}

TEST_F(UnreadTest, counts_equal_a_recount_after_random_operations) {
    std::cout << "seed " << seed << '\n';
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (int step = 0; step < steps && !HasFailure(); step += rooms) {
        run_round();
        compare();
        if (step % 1'000 < static_cast<int>(rooms)) compare_all();
    }
    compare_all();
}

}  // namespace
}  // namespace banter::service
