// What is kept of joined threads, held against what the database says.
#include "service/kept_pages.hpp"

#include "model/limits.hpp"
#include "service/testing/world.hpp"
#include "storage/testing/show.hpp"

#include <random>

namespace banter::service {
namespace {

using storage::Show;

class KeptPagesTest : public ::testing::Test {
protected:
    Joined read(const Caller& caller, std::optional<model::Rev> since = std::nullopt) {
        return world.run(world->messages.join(caller, {.thread = general, .since = since})).value();
    }
    /// A join that reads, as a session makes it.
    void join(const Caller& caller, std::optional<model::Rev> since = std::nullopt) {
        const Joined joined = read(caller, since);
        take_events();
        kept.put(caller.user, joined, since);
    }
    /// All up to the thread's rev, whenever they come.
    void take_events(bool missed = false) {
        for (const model::Rev now = rev();;) {
            for (; memberships < world.memberships.size(); ++memberships) {
                if (!missed) kept.take(world.memberships[memberships]);
            }
            for (; events < world.events.size(); ++events) {
                if (!missed) kept.take(world.events[events]);
                told = std::max(told, world.events[events]->rev);
            }
            if (told >= now) return;
            world.await_events(events + 1);
        }
    }
    std::optional<Joined> find(const Caller& caller, std::optional<model::Rev> since = {}) {
        take_events();
        return kept.find(caller.user, general, rev(), since);
    }
    model::Rev rev() { return world.run(world->threads.find(ada, general)).value().thread.rev; }
    /// What a session gets to see of it, users aside.
    static std::string show(Joined joined) {
        joined.view.thread.access_rev = 0;
        joined.view.parent.reset();
        if (joined.view.membership) joined.view.membership->read_turn = 0;
        return Show::of(joined.view) + Show::of(joined.messages) + Show::of(joined.rev);
    }

    World world{{.sends = {.sends = {}}}};
    KeptPages kept{1 << 20};
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    Caller eve = world.caller("eve");
    model::ThreadId general = world.channel(ada, "general");
    std::size_t events = 0;
    std::size_t memberships = 0;
    model::Rev told = 0;
};

/// Changes the thread and what people have of it, in every way that there is.
class RandomTalk {
public:
    RandomTalk(World& world, model::ThreadId thread, std::vector<Caller> people, unsigned seed)
        : world_(world), thread_(thread), people_(std::move(people)), random_(seed) {}

    std::size_t pick(std::size_t below) { return random_() % below; }
    const Caller& anybody() { return people_[pick(people_.size())]; }

    void go_on() {
        const Caller& by = anybody();
        switch (pick(12)) {
            case 0: edit(by); break;
            case 1: remove(by); break;
            case 2:
            case 3: react(by); break;
            case 4: mark(by); break;
            case 5: prefer(by); break;
            case 6: set_mark(by); break;
            default: messages_.push_back(world_.send(by, thread_, text())); break;
        }
        // Whatever was told comes before this, which has a rev.
        rename();
    }

private:
    std::string text() {
        const std::size_t kind = pick(10);
        if (kind == 0) return "<!channel> all";
        if (kind < 4) return "hi <@" + anybody().user.text() + ">";
        return "text " + std::to_string(pick(1'000));
    }
    /// Mostly one of the newest.
    std::optional<model::MessageId> any_message() {
        if (messages_.empty()) return std::nullopt;
        const std::size_t among =
            pick(4) == 0 ? messages_.size() : std::min<std::size_t>(messages_.size(), 60);
        return messages_[messages_.size() - 1 - pick(among)].id;
    }
    void edit(const Caller& by) {
        if (const auto id = any_message())
            (void)world_.run(world_->messages.edit(by, {.message = *id, .content = text()}));
    }
    void remove(const Caller& by) {
        if (const auto id = any_message()) (void)world_.run(world_->messages.remove(by, *id));
    }
    void react(const Caller& by) {
        const std::string emoji = pick(2) == 0 ? "🎉" : "👍";
        if (const auto id = any_message())
            (void)world_.run(world_->messages.react(by, *id, emoji, pick(3) > 0));
    }
    void mark(const Caller& by) {
        (void)world_.run(world_->read_marks.mark(by, thread_, pick(messages_.size() + 1)));
    }
    void set_mark(const Caller& by) {
        (void)world_.run(world_->read_marks.set(by, thread_, pick(messages_.size() + 1)));
    }
    void rename() {
        model::ChangeThread change{.thread = thread_, .topic = std::to_string(++topics_)};
        (void)world_.run(world_->threads.change(people_.front(), std::move(change)));
    }
    void prefer(const Caller& by) {
        const auto level = static_cast<model::Level>(pick(3));
        (void)world_.run(world_->threads.set_preferences(by, {.thread = thread_, .level = level}));
    }

    World& world_;
    model::ThreadId thread_;
    std::vector<Caller> people_;
    std::mt19937 random_;
    std::vector<model::Message> messages_;
    int topics_ = 0;
};

TEST_F(KeptPagesTest, what_is_kept_is_what_a_join_would_read) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomTalk talk(world, general, {ada, bob, eve}, seed);
    for (const Caller& caller : {ada, bob, eve}) join(caller);
    std::size_t whole = 0;
    std::size_t resumed = 0;
    for (int i = 0; i < 400; ++i) {
        talk.go_on();
        const Caller& caller = talk.anybody();
        const model::Rev now = rev();
        const auto anew = find(caller);
        if (anew) {
            ++whole;
            ASSERT_EQ(show(*anew), show(read(caller))) << i;
        }
        const model::Rev since = now - std::min<model::Rev>(now, talk.pick(40));
        if (const auto rest = find(caller, since)) {
            ++resumed;
            ASSERT_EQ(show(*rest), show(read(caller, since))) << i << " since " << since;
        }
        if (talk.pick(20) == 0) join(talk.anybody(), since);
        if (talk.pick(20) == 0) join(talk.anybody());
    }
    EXPECT_GT(whole, 250U);
    EXPECT_GT(resumed, 150U);
}

TEST_F(KeptPagesTest, events_that_a_join_has_read_and_some_that_are_missed_are_told_apart) {
    world.join(bob, general);
    join(ada);
    world.send(ada, general, "one");
    const Joined ahead = read(bob);
    kept.put(bob.user, ahead, std::nullopt);
    EXPECT_EQ(show(*find(bob)), show(ahead)) << "read before the event came";
    ASSERT_TRUE(find(ada));
    EXPECT_EQ(find(ada)->view.membership->unread, 0U) << "her own";
    world.send(ada, general, "missed");
    take_events(true);
    EXPECT_FALSE(find(ada)) << "not as old as that";
    world.send(ada, general, "two");
    EXPECT_FALSE(find(ada)) << "one is missing";
    join(ada);
    EXPECT_EQ(show(*find(ada)), show(read(ada)));
    EXPECT_FALSE(find(bob)) << "what was missed may have been his";
}

TEST_F(KeptPagesTest, who_has_not_joined_or_knows_another_rev_gets_nothing) {
    join(ada);
    world.send(ada, general, "one");
    take_events();
    EXPECT_TRUE(kept.find(ada.user, general, rev(), {}));
    EXPECT_FALSE(kept.find(eve.user, general, rev(), {}));
    EXPECT_FALSE(kept.find(ada.user, general, rev() - 1, {}));
    EXPECT_FALSE(kept.find(ada.user, general, rev() + 1, {}));
    EXPECT_FALSE(kept.find(ada.user, general, rev(), rev() + 1)) << "from a history that is gone";
}

TEST_F(KeptPagesTest, a_resumed_join_alone_can_be_resumed_but_is_no_page) {
    const auto before = world.send(ada, general, "before");
    join(ada, before.rev);
    EXPECT_FALSE(find(ada)) << "there is a message";
    ASSERT_TRUE(find(ada, before.rev));
    EXPECT_TRUE(find(ada, before.rev)->messages.empty());
    const auto after = world.send(ada, general, "after");
    ASSERT_TRUE(find(ada));
    EXPECT_EQ(find(ada)->messages.size(), 1U) << "the newest, and that there are older ones";
    EXPECT_EQ(show(*find(ada, before.rev)), show(read(ada, before.rev)));
    EXPECT_FALSE(find(ada, before.rev - 1));
}

TEST_F(KeptPagesTest, a_page_begins_after_a_message_of_which_not_all_is_known) {
    const auto crowded = world.send(ada, general, "crowded");
    world.send(ada, general, "quiet");
    for (std::size_t i = 0; i <= model::limits::reaction_users_named_max; ++i) {
        const Caller caller = world.caller("p" + std::to_string(i));
        join(caller);
        ASSERT_TRUE(world.run(world->messages.react(caller, crowded.id, "🎉", true)));
    }
    join(ada);
    ASSERT_TRUE(find(ada));
    ASSERT_EQ(find(ada)->messages.size(), 1U) << "ada may have reacted or not";
    EXPECT_EQ(find(ada)->messages.front().content, "quiet");
    EXPECT_FALSE(find(ada, crowded.rev));
    const Caller first = world.caller("p0");
    ASSERT_TRUE(find(first));
    EXPECT_EQ(show(*find(first)), show(read(first)));
}

TEST_F(KeptPagesTest, it_keeps_to_its_bytes_and_drops_what_was_touched_longest_ago) {
    KeptPages small{8 * 1024};
    for (int i = 0; i < 20; ++i) {
        const auto thread = world.channel(ada, "c" + std::to_string(i));
        world.send(ada, thread, std::string(1'000, 'x'));
        const auto joined = world.run(world->messages.join(ada, {.thread = thread})).value();
        small.put(ada.user, joined, std::nullopt);
        EXPECT_TRUE(small.find(ada.user, thread, joined.rev, {}));
        EXPECT_LE(small.bytes(), 8U * 1024U);
    }
    EXPECT_GT(small.bytes(), 4U * 1024U);
    KeptPages none{0};
    none.put(ada.user, read(ada), std::nullopt);
    EXPECT_EQ(none.bytes(), 0U);
    KeptPages tiny{16};
    tiny.put(ada.user, read(ada), std::nullopt);
    EXPECT_EQ(tiny.bytes(), 0U) << "larger than all there is";
}

}  // namespace
}  // namespace banter::service
