// What every ObjectStore does, whatever it is made of.
//
// A Backend has loop(), store(), random() and now(), a time by the store's clock.
#pragma once

#include "base/random.hpp"
#include "base/testing/run.hpp"
#include "storage/object_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace banter::storage {

template <typename Backend>
class ObjectStoreContract : public ::testing::Test {
public:
    template <typename T>
    T run(Task<T> task) {
        return banter::testing::run(backend.loop(), std::move(task));
    }
    void run(Task<> task) { banter::testing::run(backend.loop(), std::move(task)); }

    ObjectStore& store() { return backend.store(); }
    ObjectKey key() { return ObjectKey::make(backend.random()); }
    std::string bytes(std::size_t size) {
        std::string made(size, '\0');
        backend.random().fill({reinterpret_cast<std::uint8_t*>(made.data()), made.size()});
        return made;
    }

    std::unique_ptr<ObjectDraft> begin(ObjectKey key, std::uint64_t bytes_expected = 0) {
        return run(store().begin(key, bytes_expected));
    }
    ObjectKey put(std::initializer_list<std::string> chunks) {
        const ObjectKey made = key();
        const auto draft = begin(made);
        for (const std::string& chunk : chunks) run(draft->append(chunk));
        run(draft->finish());
        return made;
    }
    /// What the range holds, or nothing if there is no such object.
    std::optional<std::string> read(ObjectKey key, ByteRange range = {}) {
        const auto reader = run(store().open(key, range));
        if (!reader) return std::nullopt;
        std::string all;
        for (;;) {
            const std::string chunk = run(reader->next());
            EXPECT_LE(chunk.size(), object_chunk_bytes_max);
            all += chunk;
            if (chunk.empty()) break;
        }
        EXPECT_EQ(run(reader->next()), "") << "the end stays the end";
        return all;
    }
    bool is_there(ObjectKey key) {
        const bool sized = run(store().size(key)).has_value();
        EXPECT_EQ(read(key).has_value(), sized);
        EXPECT_EQ(listed(later()).contains(key), sized);
        return sized;
    }

    Timestamp earlier() { return backend.now() - std::chrono::hours(1); }
    Timestamp later() { return backend.now() + std::chrono::hours(1); }

    /// All pages together.
    std::map<ObjectKey, StoredObject> listed(Timestamp before) {
        std::map<ObjectKey, StoredObject> all;
        std::optional<std::string> cursor;
        do {
            const auto page = run(store().list(before, cursor));
            for (const StoredObject& object : page.items) {
                EXPECT_TRUE(all.empty() || all.rbegin()->first < object.key);
                all.emplace(object.key, object);
            }
            cursor = page.next;
        } while (cursor);
        return all;
    }

    Backend backend;
};

TYPED_TEST_SUITE_P(ObjectStoreContract);

TYPED_TEST_P(ObjectStoreContract, what_was_appended_is_read_back_in_one_piece) {
    const auto key = this->put({"one, ", "", "two, ", "three"});
    EXPECT_EQ(this->read(key), "one, two, three");
    EXPECT_EQ(this->run(this->store().size(key)), 15U);
    EXPECT_EQ(this->run(this->store().open(key, {}))->size(), 15U);
}

TYPED_TEST_P(ObjectStoreContract, every_byte_comes_back_of_an_object_of_many_chunks) {
    const std::string all = this->bytes(9 * 1024 * 1024 + 7);
    const auto key = this->key();
    const auto draft = this->begin(key, all.size());
    constexpr std::size_t step = 1024 * 1024 - 1;
    for (std::size_t at = 0; at < all.size(); at += step) {
        this->run(draft->append(std::string_view(all).substr(at, step)));
    }
    this->run(draft->finish());
    EXPECT_TRUE(this->read(key) == all);
    const ByteRange middle{4 * 1024 * 1024 - 3, 2 * object_chunk_bytes_max + 1};
    EXPECT_TRUE(this->read(key, middle) == all.substr(middle.offset, middle.size));
}

TYPED_TEST_P(ObjectStoreContract, an_empty_object_is_one) {
    const auto key = this->put({});
    EXPECT_TRUE(this->is_there(key));
    EXPECT_EQ(this->read(key), "");
    EXPECT_EQ(this->run(this->store().size(key)), 0U);
}

TYPED_TEST_P(ObjectStoreContract, a_range_gives_its_part_and_leaves_out_what_lies_beyond_the_end) {
    const auto key = this->put({"0123456789"});
    struct Case {
        ByteRange range;
        const char* expected;
    };
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    for (const Case& part : std::initializer_list<Case>{
             {{0, most}, "0123456789"},
             {{0, 10}, "0123456789"},
             {{0, 1}, "0"},
             {{3, 4}, "3456"},
             {{9, 1}, "9"},
             {{9, most}, "9"},
             {{5, 0}, ""},
             {{8, 100}, "89"},
             {{10, 1}, ""},
             {{11, 1}, ""},
             {{most, most}, ""}}) {
        EXPECT_EQ(this->read(key, part.range), part.expected)
            << part.range.offset << " " << part.range.size;
        EXPECT_EQ(this->run(this->store().open(key, part.range))->size(), 10U);
    }
}

TYPED_TEST_P(ObjectStoreContract, there_is_no_object_that_was_not_put) {
    const auto key = this->key();
    EXPECT_FALSE(this->is_there(key));
    this->run(this->store().remove(key));
    EXPECT_FALSE(this->is_there(key));
}

TYPED_TEST_P(ObjectStoreContract, an_object_is_not_seen_before_it_is_finished) {
    const auto key = this->key();
    const auto draft = this->begin(key);
    EXPECT_FALSE(this->is_there(key));
    this->run(draft->append("half"));
    EXPECT_FALSE(this->is_there(key));
    this->run(draft->finish());
    EXPECT_TRUE(this->is_there(key));
}

TYPED_TEST_P(ObjectStoreContract, a_draft_that_is_dropped_or_given_up_never_was) {
    const auto dropped = this->key();
    this->run(this->begin(dropped)->append("half"));
    EXPECT_FALSE(this->is_there(dropped));
    const auto given_up = this->key();
    const auto draft = this->begin(given_up);
    this->run(draft->append("half"));
    this->run(draft->abort());
    EXPECT_FALSE(this->is_there(given_up));
}

TYPED_TEST_P(ObjectStoreContract, drafts_that_are_written_at_once_do_not_mix) {
    const auto one = this->key();
    const auto other = this->key();
    const auto first = this->begin(one);
    const auto second = this->begin(other);
    this->run(first->append("a"));
    this->run(second->append("1"));
    this->run(first->append("b"));
    this->run(second->finish());
    this->run(first->finish());
    EXPECT_EQ(this->read(one), "ab");
    EXPECT_EQ(this->read(other), "1");
}

TYPED_TEST_P(ObjectStoreContract, a_removed_object_is_gone_and_no_other) {
    const auto kept = this->put({"kept"});
    const auto removed = this->put({"removed"});
    this->run(this->store().remove(removed));
    EXPECT_FALSE(this->is_there(removed));
    EXPECT_TRUE(this->is_there(kept));
    this->run(this->store().remove(removed));
}

TYPED_TEST_P(ObjectStoreContract, what_is_older_than_a_time_is_listed_with_its_size) {
    std::map<ObjectKey, std::uint64_t> sizes;
    for (std::uint64_t size = 0; size < 20; ++size) {
        sizes[this->put({std::string(size, 'x')})] = size;
    }
    const auto objects = this->listed(this->later());
    ASSERT_EQ(objects.size(), sizes.size());
    for (const auto& [key, object] : objects) {
        EXPECT_EQ(object.size, sizes.at(key));
        EXPECT_GT(object.written_at, this->earlier());
        EXPECT_LT(object.written_at, this->later());
    }
    EXPECT_TRUE(this->listed(this->earlier()).empty());
}

TYPED_TEST_P(ObjectStoreContract, a_cursor_that_is_none_gives_an_empty_page) {
    this->put({"x"});
    for (const char* cursor : {"", "../../etc", "zz"}) {
        const auto page = this->run(this->store().list(this->later(), std::string(cursor)));
        EXPECT_TRUE(page.items.empty());
        EXPECT_FALSE(page.next);
    }
}

TYPED_TEST_P(ObjectStoreContract, a_sweep_of_drafts_leaves_objects_and_young_drafts) {
    const auto whole = this->put({"whole"});
    const auto key = this->key();
    const auto draft = this->begin(key);
    this->run(draft->append("young"));
    EXPECT_EQ(this->run(this->store().sweep_drafts(this->earlier())), 0U);
    this->run(draft->finish());
    EXPECT_EQ(this->run(this->store().sweep_drafts(this->later())), 0U);
    EXPECT_EQ(this->read(whole), "whole");
    EXPECT_EQ(this->read(key), "young");
}

REGISTER_TYPED_TEST_SUITE_P(
    ObjectStoreContract,
    what_was_appended_is_read_back_in_one_piece,
    every_byte_comes_back_of_an_object_of_many_chunks,
    an_empty_object_is_one,
    a_range_gives_its_part_and_leaves_out_what_lies_beyond_the_end,
    there_is_no_object_that_was_not_put,
    an_object_is_not_seen_before_it_is_finished,
    a_draft_that_is_dropped_or_given_up_never_was,
    drafts_that_are_written_at_once_do_not_mix,
    a_removed_object_is_gone_and_no_other,
    what_is_older_than_a_time_is_listed_with_its_size,
    a_cursor_that_is_none_gives_an_empty_page,
    a_sweep_of_drafts_leaves_objects_and_young_drafts
);

}  // namespace banter::storage
