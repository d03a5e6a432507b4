// What goes in parts is whole in the end, or nothing of it stays.
#include "storage/s3/testing/store_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::s3 {

/// An upload in parts of which the completions are answered in turn.
class S3Completion : public S3Store {
public:
    void complete_with(std::vector<ScriptedAnswer> completions, ScriptedAnswer of_head) {
        serve([completions, of_head, held = parts_held, next = std::size_t{0}](
                  const ScriptedRequest& request
              ) mutable {
            if (request.method == "HEAD") return of_head;
            if (request.method == "DELETE") return ScriptedAnswer::of(204);
            if (request.method == "PUT") {
                if (held.valid()) held.wait();
                return ScriptedAnswer::of(200, "", "ETag: \"e\"\r\n");
            }
            if (request.target.ends_with("?uploads=")) return ScriptedAnswer::of(200, initiated);
            return completions[std::min(next++, completions.size() - 1)];
        });
    }
    /// If it is valid, until then no part arrives.
    std::shared_future<void> parts_held;
    std::size_t count_of(std::string_view method) {
        const Methods seen = methods();
        return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), method));
    }
};

TEST_F(S3Completion, a_good_status_with_an_error_inside_is_a_failure) {
    complete_with({error(200, "InvalidPart")}, head(large.size()));
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable);
    EXPECT_EQ(count_of("HEAD"), 0U);
    wait_for_endings();
    EXPECT_EQ(count_of("DELETE"), 1U) << "and what is there of it is given up";
}

TEST_F(S3Completion, an_error_inside_that_passes_is_tried_again) {
    complete_with(
        {error(200, "InternalError"), ScriptedAnswer::of(200, completed)}, head(large.size())
    );
    put(large);
    EXPECT_EQ(count_of("DELETE"), 0U);
}

TEST_F(S3Completion, a_lost_answer_is_settled_by_looking) {
    const auto gone = error(404, "NoSuchUpload");
    complete_with({ScriptedAnswer::cut(), gone}, head(large.size()));
    put(large);
    complete_with({ScriptedAnswer::cut(), gone}, missing_head());
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable);
    complete_with({ScriptedAnswer::cut()}, ScriptedAnswer::cut());
    EXPECT_EQ(code_of_put(large), Errc::outcome_unknown);
    complete_with({gone}, missing_head());
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable) << "swept away";
}

TEST_F(S3Completion, an_object_of_another_size_is_a_failure) {
    complete_with({ScriptedAnswer::of(200, completed)}, head(large.size() - 1));
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable);
}

TEST_F(S3Completion, what_answers_but_is_no_s3_is_a_failure) {
    complete_with({ScriptedAnswer::of(200, "<html>Welcome</html>")}, missing_head());
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable);
}

TEST_F(S3Completion, an_upload_that_is_dropped_or_given_up_is_ended) {
    complete_with({ScriptedAnswer::of(200, completed)}, head(0));
    {
        const auto dropped = run(store().begin(key, 0));
        run(dropped->append(large));
        EXPECT_EQ(count_of("DELETE"), 0U);
    }
    const auto given_up = run(store().begin(key, 0));
    run(given_up->append(large));
    run(given_up->abort());
    EXPECT_EQ(count_of("DELETE"), 2U);
    for (const ScriptedRequest& request : requests()) {
        if (request.method != "DELETE") continue;
        EXPECT_EQ(request.target, place + "?uploadId=id%2B1");
    }
    const auto small = run(store().begin(key, 0));
    run(small->append("small"));
    run(small->abort());
    EXPECT_EQ(count_of("DELETE"), 2U) << "there is nothing of it";
}

TEST_F(S3Store, a_part_that_is_refused_ends_the_upload) {
    serve([](const ScriptedRequest& request) {
        if (request.method == "PUT") return error(403, "QuotaExceeded");
        if (request.method == "DELETE") return ScriptedAnswer::of(204);
        return ScriptedAnswer::of(200, initiated);
    });
    EXPECT_EQ(code_of_put(large), Errc::storage_full);
    wait_for_endings();
    run(store().remove(key));
    EXPECT_EQ(methods(), (Methods{"POST", "PUT", "PUT", "DELETE", "DELETE"}));
}

TEST_F(S3Store, an_upload_without_an_id_and_a_part_without_an_etag_are_failures) {
    serve(in_turn({ScriptedAnswer::of(200, "<InitiateMultipartUploadResult/>")}));
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable);
    serve(in_turn({ScriptedAnswer::of(200, initiated), ScriptedAnswer::of(200)}));
    EXPECT_EQ(code_of_put(large), Errc::storage_unavailable);
}

TEST_F(S3Completion, uploads_take_no_more_memory_together_than_they_may) {
    std::promise<void> parts_may_arrive;
    parts_held = parts_may_arrive.get_future();
    complete_with({ScriptedAnswer::of(200, completed)}, head(large.size()));
    Budget small(2 * part_bytes + 1000);
    EndpointParts with_small{
        parts().client, parts().reading, [this] { return source(); }, clock, random, small};
    TaskGroup endings(loop.get_executor());
    S3ObjectStore store(options(), std::move(with_small), endings, limits);
    const auto begin = [&](std::uint64_t bytes) { return run(store.begin(key, bytes)); };
    auto unknown = begin(0);
    EXPECT_EQ(code_of([&] { (void)begin(0); }), Errc::busy);
    EXPECT_EQ(code_of([&] { (void)begin(1001); }), Errc::busy);
    auto tiny = begin(1000);
    EXPECT_EQ(code_of([&] { (void)begin(1); }), Errc::busy);
    run(unknown->append(std::string_view(large).substr(0, part_bytes + 1)));
    unknown.reset();
    EXPECT_EQ(code_of([&] { (void)begin(large.size()); }), Errc::busy)
        << "a part is still on its way";
    parts_may_arrive.set_value();
    run(endings.wait());
    auto next = begin(large.size());
    run(next->append(large));
    run(next->finish());
    unknown = begin(0);
    run(unknown->append(large));
    run(unknown->abort());
    tiny.reset();
    EXPECT_TRUE(begin(2 * part_bytes + 1000));
}

}  // namespace banter::s3
