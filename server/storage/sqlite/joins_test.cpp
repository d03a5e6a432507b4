// A thousand who join one thread at once cost one read of its page.
#include "storage/contract/log_world.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace banter::storage {
namespace {

/// Counts the pages that were read from the database.
class CountingCache final : public Cache {
public:
    std::optional<CacheEntry> find(std::string_view key) override { return kept_.find(key); }
    void put(std::string_view key, CacheEntry entry) override {
        ++puts;
        kept_.put(key, std::move(entry));
    }
    [[nodiscard]] std::size_t bytes() const override { return kept_.bytes(); }

    std::size_t puts = 0;

private:
    memory::LruCache kept_{1024 * 1024};
};

/// As another node would find them.
class SharedCopies final : public SharedCache {
public:
    Task<std::optional<CacheEntry>> find(std::string key) override {
        ++asked;
        const auto found = kept.find(key);
        if (found == kept.end()) co_return std::nullopt;
        co_return found->second;
    }
    void put(std::string key, CacheEntry entry) override { kept[key] = std::move(entry); }

    std::map<std::string, CacheEntry> kept;
    std::size_t asked = 0;
};

class JoinsTest : public LogWorld<SqliteBackend> {
public:
    /// Reads the newest page so often at once; how many messages each found.
    std::vector<std::size_t> read_at_once(std::size_t count, ThreadRule rule = allow) {
        std::vector<std::size_t> found(count);
        auto read = [](MessageStore* from, HistoryRequest request, ThreadRule with, std::size_t* out
                    ) -> Task<> {
            const auto page = co_await from->history(std::move(request), std::move(with));
            if (page) *out = page->messages.size();
        };
        for (std::size_t& each : found) {
            const HistoryRequest request{thread, ada, Newest{}, 50};
            backend.loops().spawn(0, read(&store_, request, rule, &each));
        }
        backend.loops().run_all();
        return found;
    }

    CountingCache cache;
    SharedCopies shared;

private:
    sql::SqlMessageStore store_{backend.database(), cache, &shared};
};

TEST_F(JoinsTest, of_many_at_once_one_reads_the_page) {
    for (int i = 0; i < 3; ++i) send(thread, ada, "text");
    EXPECT_EQ(read_at_once(1'000), std::vector<std::size_t>(1'000, 3));
    EXPECT_EQ(cache.puts, 1U);
    EXPECT_EQ(read_at_once(10), std::vector<std::size_t>(10, 3));
    EXPECT_EQ(cache.puts, 1U);
}

TEST_F(JoinsTest, when_the_one_who_reads_is_refused_another_one_reads) {
    send(thread, ada, "text");
    auto asked = std::make_shared<std::atomic<int>>(0);
    const ThreadRule not_the_first = [asked](const model::ThreadView&) -> std::optional<Error> {
        if ((*asked)++ == 0) return Error{Errc::forbidden, "not you"};
        return std::nullopt;
    };
    const auto found = read_at_once(10, not_the_first);
    EXPECT_EQ(std::ranges::count(found, 0U), 1) << "who was refused";
    EXPECT_EQ(std::ranges::count(found, 1U), 9);
    EXPECT_EQ(cache.puts, 1U);
}

TEST_F(JoinsTest, what_another_node_has_read_is_taken_from_it_if_nothing_changed_since) {
    send(thread, ada, "text");
    EXPECT_EQ(read_at_once(1), std::vector<std::size_t>(1, 1));
    ASSERT_EQ(shared.kept.size(), 1U);
    CountingCache own;
    sql::SqlMessageStore other(backend.database(), own, &shared);
    const auto read = [&] {
        HistoryRequest request{thread, ada, Newest{}, 50};
        return expect(run(other.history(std::move(request), allow))).messages.size();
    };
    EXPECT_EQ(read(), 1U);
    EXPECT_EQ(own.puts, 0U) << "its page was not read from the database";
    send(thread, ada, "more");
    EXPECT_EQ(read(), 2U);
    EXPECT_EQ(own.puts, 1U) << "the copy was old";
}

}  // namespace
}  // namespace banter::storage
