// A full disk: nothing is half-written, and it goes on when there is space again.
#include "storage/contract/world.hpp"
#include "storage/testing/sqlite_backend.hpp"
#include "storage/testing/test_disk.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace banter::storage {

namespace {

sqlite::SqliteOptions on(const TestDisk& disk) {
    sqlite::SqliteOptions options;
    options.vfs = disk.name();
    return options;
}

/// A world on a disk that can be full.
struct DiskBackend : private TestDisk, public SqliteBackend {
    explicit DiskBackend(std::size_t loops = 1)
        : SqliteBackend(loops, on(static_cast<const TestDisk&>(*this))) {}

    using TestDisk::set_full;
};

class FullDisk : public World<DiskBackend> {
public:
    void SetUp() override {
        ada = user("ada");
        thread = channel("general", ada);
        first = send(thread, ada, "first");
        (void)events();
    }
    template <typename Call>
    void expect_full(Call call) {
        try {
            call();
            ADD_FAILURE() << "it was written";
        } catch (const StorageFailure& failure) {
            EXPECT_EQ(failure.code(), Errc::storage_full) << failure.what();
        }
    }

    model::UserId ada;
    model::ThreadId thread;
    model::Message first;
};

}  // namespace

TEST_F(FullDisk, writes_are_refused_as_storage_full_and_nothing_of_them_is_there) {
    backend.set_full(true);
    NewMessage message = new_message(thread, ada, "second");
    message.mentions.users = {ada};
    expect_full([&] { (void)run(messages().append(message, allow)); });
    expect_full([&] { (void)edit(first, "edited"); });
    expect_full([&] { (void)react(first, ada, ":x:"); });
    expect_full([&] { user("bob"); });

    const auto page = history(thread, ada, Newest{});
    ASSERT_EQ(page.messages.size(), 1U) << "reads go on";
    EXPECT_EQ(page.messages[0].content, "first");
    EXPECT_EQ(page.view.thread.seq, 1U);
    EXPECT_EQ(page.view.thread.rev, 1U);
    EXPECT_EQ(page.view.membership->mentions, 0U);
    EXPECT_FALSE(run(messages().find(message.id, ada)));
}

TEST_F(FullDisk, writing_goes_on_when_there_is_space_without_a_restart) {
    const NewMessage message = new_message(thread, ada, "second");
    for (int round = 0; round < 3; ++round) {
        backend.set_full(true);
        expect_full([&] { send(thread, ada, "lost"); });
        backend.set_full(false);
        EXPECT_EQ(send(thread, ada, "kept").seq, 2U + static_cast<model::Seq>(round));
    }
    EXPECT_EQ(send(message).seq, 5U);
    backend.reopen();
    EXPECT_EQ(
        seqs_of(history(thread, ada, Newest{}).messages), (std::vector<model::Seq>{1, 2, 3, 4, 5})
    );
    model::Rev rev = 1;
    for (const auto& event : events())
        EXPECT_EQ(event->rev, ++rev) << "nothing is told of the refused";
}

TEST_F(FullDisk, everyone_in_a_refused_batch_is_told) {
    backend.set_full(true);
    int refused = 0;
    auto sender = [](MessageStore* store, NewMessage wanted, int* count) -> Task<> {
        try {
            (void)co_await store->append(std::move(wanted), allow);
        } catch (const StorageFailure& failure) {
            if (failure.code() == Errc::storage_full) ++*count;
        }
    };
    for (int i = 0; i < 50; ++i) {
        auto task = sender(&messages(), new_message(thread, ada, "text"), &refused);
        asio::co_spawn(backend.loops()[0], std::move(task), [](std::exception_ptr failure) {
            EXPECT_FALSE(failure);
        });
    }
    backend.loops().run_all();
    EXPECT_EQ(refused, 50);
    backend.set_full(false);
    EXPECT_EQ(send(thread, ada, "next").seq, 2U);
}

}  // namespace banter::storage
