// The cache keeps to its bytes and to the newest rev.
#include "storage/memory/lru_cache.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace banter::memory {

namespace {

storage::CacheEntry entry(model::Rev rev, std::string bytes) {
    return {rev, std::make_shared<const std::string>(std::move(bytes))};
}

}  // namespace

TEST(LruCache, what_was_put_is_found_with_its_rev) {
    LruCache cache(10'000);
    EXPECT_FALSE(cache.find("a"));
    cache.put("a", entry(3, "three"));
    const auto found = cache.find("a");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rev, 3U);
    EXPECT_EQ(*found->bytes, "three");
    EXPECT_FALSE(cache.find("b"));
}

TEST(LruCache, a_lower_rev_never_replaces_a_higher_one) {
    LruCache cache(10'000);
    cache.put("a", entry(3, "three"));
    cache.put("a", entry(2, "two"));
    EXPECT_EQ(cache.find("a")->rev, 3U);
    cache.put("a", entry(4, "four"));
    EXPECT_EQ(*cache.find("a")->bytes, "four");
}

TEST(LruCache, it_never_holds_more_than_its_bytes) {
    LruCache cache(10'000);
    for (int i = 0; i < 100; ++i) {
        cache.put("key" + std::to_string(i), entry(1, std::string(1000, 'x')));
        EXPECT_LE(cache.bytes(), 10'000U);
    }
    EXPECT_TRUE(cache.find("key99"));
    EXPECT_FALSE(cache.find("key0"));
}

TEST(LruCache, what_was_used_longest_ago_goes_first) {
    LruCache cache(4'000);
    cache.put("a", entry(1, std::string(1000, 'x')));
    cache.put("b", entry(1, std::string(1000, 'x')));
    cache.put("c", entry(1, std::string(1000, 'x')));
    EXPECT_TRUE(cache.find("a"));
    cache.put("d", entry(1, std::string(1000, 'x')));
    EXPECT_TRUE(cache.find("a"));
    EXPECT_FALSE(cache.find("b"));
}

TEST(LruCache, an_entry_larger_than_the_cache_is_not_kept_and_moves_nothing_out) {
    LruCache cache(2'000);
    cache.put("a", entry(1, "small"));
    cache.put("b", entry(1, std::string(5'000, 'x')));
    EXPECT_TRUE(cache.find("a"));
    EXPECT_FALSE(cache.find("b"));
}

TEST(LruCache, a_replaced_entry_gives_its_bytes_back) {
    LruCache cache(10'000);
    cache.put("a", entry(1, std::string(5'000, 'x')));
    cache.put("a", entry(2, "small"));
    EXPECT_LT(cache.bytes(), 1'000U);
    // Too large now: the old state would be a wrong one.
    cache.put("a", entry(3, std::string(50'000, 'x')));
    EXPECT_FALSE(cache.find("a"));
    EXPECT_EQ(cache.bytes(), 0U);
}

}  // namespace banter::memory
