// What is read is right, goes on where it broke off, and holds up nobody else.
#include "storage/s3/testing/store_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace banter::s3 {

TEST_F(S3Store, a_range_is_asked_for_and_its_answer_checked) {
    serve(in_turn({part("0123456789", 3, 6)}));
    EXPECT_EQ(read({3, 4}), "3456");
    EXPECT_EQ(requests().at(0).headers.at("range"), "bytes=3-6");
    const std::string lies[] = {
        part("0123456789", 3, 7).bytes,
        part("0123456789", 2, 5).bytes,
        part("01234567890", 3, 5).bytes,
        found("0123456789").bytes,
        ScriptedAnswer::of(206, "3456", "ETag: \"e\"\r\n").bytes,
        ScriptedAnswer::of(206, "3456", "Content-Range: bytes 3-6/10\r\n").bytes};
    for (const std::string& lie : lies) {
        serve(in_turn({ScriptedAnswer{lie}}));
        EXPECT_EQ(code_of_read({3, 4}), Errc::storage_unavailable) << lie;
    }
}

TEST_F(S3Store, a_range_beyond_the_end_is_cut_or_empty) {
    serve(in_turn({part("0123456789", 8, 9)}));
    EXPECT_EQ(read({8, 100}), "89");
    serve(in_turn({error(416, "InvalidRange"), head(10)}));
    const auto reader = run(store().open(key, {10, 1}));
    EXPECT_EQ(reader->size(), 10U);
    EXPECT_EQ(run(reader->next()), "");
    serve(in_turn({error(416, "InvalidRange"), head(11)}));
    EXPECT_EQ(code_of_read({10, 1}), Errc::storage_unavailable) << "there is a byte";
}

TEST_F(S3Store, what_breaks_off_goes_on_where_it_was) {
    const std::string all = std::string(300'000, 'a') + std::string(300'000, 'b');
    serve([&](const ScriptedRequest& request) {
        const auto range = request.headers.find("range");
        if (range == request.headers.end()) return cut_after(found(all), 400'000);
        const std::size_t first = std::stoul(range->second.substr(6));
        const ScriptedAnswer rest = part(all, first, all.size() - 1);
        return first < 400'000 ? cut_after(rest, 150'000) : rest;
    });
    EXPECT_TRUE(read() == all);
    ASSERT_EQ(requests().size(), 3U);
    EXPECT_EQ(requests().at(1).headers.at("range"), "bytes=200000-599999");
    EXPECT_EQ(requests().at(1).headers.at("if-match"), "\"e\"");
}

/// A large object, for as many readers as there are, given from where they ask for it.
class S3Readers : public S3Store {
public:
    S3Readers() {
        allow_calls(2);
        serve([this](const ScriptedRequest& request) {
            if (request.method != "GET") return ScriptedAnswer::of(200);
            const auto range = request.headers.find("range");
            if (range == request.headers.end()) return found(all);
            return part(all, std::stoul(range->second.substr(6)), all.size() - 1);
        });
    }
    std::unique_ptr<storage::ObjectReader> open() { return run(store().open(key, {})); }
    /// What is left to be read, and nothing if that fails.
    std::string rest_of(storage::ObjectReader& reader) {
        std::string rest;
        for (std::string piece = run(reader.next()); !piece.empty(); piece = run(reader.next())) {
            rest += piece;
        }
        return rest;
    }

    const std::string all = std::string(2'000'000, 'a') + std::string(2'000'000, 'b');
};

TEST_F(S3Readers, slow_ones_hold_up_no_other_and_go_on_where_they_were) {
    const auto first = open();
    std::string taken = run(first->next());
    const auto second = open();
    clock.advance(milliseconds(500));
    EXPECT_TRUE(rest_of(*open()) == all) << "one gave up its call";
    EXPECT_TRUE(taken + rest_of(*first) == all) << "and has another now";
    EXPECT_TRUE(rest_of(*second) == all);
}

TEST_F(S3Readers, ten_at_once_get_all_of_it_over_two_calls) {
    std::vector<std::unique_ptr<storage::ObjectReader>> readers;
    std::vector<std::string> taken(10);
    for (int i = 0; i < 10; ++i) {
        readers.push_back(open());
        clock.advance(milliseconds(500));
    }
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < readers.size(); ++i) {
            const std::string piece = run(readers[i]->next());
            taken[i] += piece;
            more = more || !piece.empty();
            clock.advance(milliseconds(500));
        }
    }
    for (const std::string& bytes : taken) EXPECT_TRUE(bytes == all);
}

TEST_F(S3Readers, ones_that_are_not_slow_are_not_cut_off_and_one_more_is_told_to_come_back) {
    const auto first = open();
    const auto second = open();
    EXPECT_EQ(code_of([&] { (void)open(); }), Errc::busy);
    EXPECT_TRUE(rest_of(*first) == all);
    EXPECT_EQ(requests().size(), 2U);
    EXPECT_TRUE(rest_of(*open()) == all);
}

TEST_F(S3Readers, nothing_that_is_written_or_removed_waits_for_them) {
    const auto first = open();
    const auto second = open();
    put("bytes");
    run(store().remove(key));
}

TEST_F(S3Readers, one_that_goes_leaves_nothing_of_itself) {
    const auto first = open();
    (void)open();
    clock.advance(milliseconds(500));
    const auto second = open();
    clock.advance(milliseconds(500));
    const auto third = open();
    EXPECT_TRUE(rest_of(*second) == all);
}

TEST_F(S3Store, an_object_that_changed_or_went_is_no_end_and_no_other_bytes) {
    const auto broken = cut_after(found("0123456789"), 5);
    for (const ScriptedAnswer& then :
         {error(412, "PreconditionFailed"),
          error(404, "NoSuchKey"),
          part("01234567890", 5, 10),
          part("0123456789", 4, 9),
          found("0123456789"),
          error(416, "InvalidRange")}) {
        serve(in_turn({broken, then}));
        EXPECT_EQ(code_of_read(), Errc::storage_unavailable) << then.bytes;
    }
}

TEST_F(S3Store, what_only_breaks_off_is_given_up) {
    const std::string all = "0123456789";
    serve([&](const ScriptedRequest& request) {
        if (request.headers.contains("range")) return cut_after(part(all, 5, 9), 5);
        return cut_after(found(all), 5);
    });
    EXPECT_EQ(code_of_read(), Errc::storage_unavailable);
    EXPECT_LT(requests().size(), 10U);
}

TEST_F(S3Store, what_is_missing_is_told_from_a_missing_bucket) {
    serve(in_turn({error(404, "NoSuchKey")}));
    EXPECT_EQ(read(), "(nothing)");
    run(store().remove(key));
    serve(in_turn({missing_head(), error(404, "NoSuchKey")}));
    EXPECT_EQ(run(store().size(key)), std::nullopt);
    serve(in_turn({missing_head(), error(404, "NoSuchBucket")}));
    EXPECT_EQ(code_of([&] { (void)run(store().size(key)); }), Errc::storage_unavailable);
    serve(in_turn({error(404, "NoSuchBucket")}));
    EXPECT_EQ(code_of_read(), Errc::storage_unavailable);
    EXPECT_EQ(code_of([&] { run(store().remove(key)); }), Errc::storage_unavailable);
}

}  // namespace banter::s3
