// The store against a service that answers what it is told to: errors, lies, half answers, nothing.
// Against a real one it is object_store_s3test.cpp.
#include "storage/s3/object_store.hpp"

#include "base/testing/run.hpp"
#include "base/testing/scripted_server.hpp"
#include "storage/s3/part.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banter::s3 {
namespace {

using banter::testing::ScriptedAnswer;
using banter::testing::ScriptedRequest;
using banter::testing::ScriptedServer;
using std::chrono::milliseconds;
using storage::ByteRange;
using storage::ObjectKey;

const Timestamp noon{
    std::chrono::sys_days{std::chrono::year{2026} / 5 / 24} + std::chrono::hours(12)};
constexpr const char* initiated =
    "<InitiateMultipartUploadResult><UploadId>id+1</UploadId></InitiateMultipartUploadResult>";
constexpr const char* completed = "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>";

ScriptedAnswer error(int status, std::string_view code, std::string_view more = {}) {
    const std::string body = "<?xml version=\"1.0\"?><Error><Code>" + std::string(code) +
                             "</Code><Message>told\nso</Message></Error>";
    return ScriptedAnswer::of(status, body, more);
}

ScriptedAnswer found(std::string_view body) {
    return ScriptedAnswer::of(200, body, "ETag: \"e\"\r\n");
}

/// Of a HEAD, so without the body.
ScriptedAnswer head(std::size_t size) {
    return {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n"};
}

ScriptedAnswer missing_head() { return {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}; }

ScriptedAnswer part(std::string_view all, std::size_t first, std::size_t last) {
    return ScriptedAnswer::of(
        206,
        all.substr(first, last + 1 - first),
        "ETag: \"e\"\r\nContent-Range: bytes " + std::to_string(first) + "-" +
            std::to_string(last) + "/" + std::to_string(all.size()) + "\r\n"
    );
}

ScriptedAnswer cut_after(ScriptedAnswer answer, std::size_t missing) {
    answer.bytes.resize(answer.bytes.size() - missing);
    answer.then = ScriptedAnswer::Then::close;
    return answer;
}

/// These, one after the other; the last one for ever.
ScriptedServer::Script in_turn(std::vector<ScriptedAnswer> answers) {
    return [answers = std::move(answers), next = std::size_t{0}](const ScriptedRequest&) mutable {
        const std::size_t index = std::min(next++, answers.size() - 1);
        return answers[index];
    };
}

class S3Store : public ::testing::Test {
public:
    ~S3Store() override { wait_for_endings(); }

    void wait_for_endings() { run(endings_->wait()); }

    void serve(ScriptedServer::Script script) {
        server = std::make_unique<ScriptedServer>(std::move(script));
        store_.emplace(options(), parts(), *endings_, limits);
    }
    S3Options options() {
        const auto options = parse_options("s3://files/p?region=eu-1&endpoint=" + server->url());
        return options.value();
    }
    EndpointParts parts() {
        return {*client_, *reading_, [this] { return source(); }, clock, random, budget};
    }
    S3ObjectStore& store() { return *store_; }
    std::vector<ScriptedRequest> requests() { return server->requests(); }
    /// "PUT", "HEAD", …
    std::vector<std::string> methods() {
        std::vector<std::string> seen;
        for (const ScriptedRequest& request : requests()) seen.push_back(request.method);
        return seen;
    }
    using Methods = std::vector<std::string>;

    template <typename T>
    T run(Task<T> task) {
        return banter::testing::run(loop, std::move(task));
    }
    void run(Task<> task) { banter::testing::run(loop, std::move(task)); }

    void put(const std::string& bytes) {
        const auto draft = run(store().begin(key, 0));
        run(draft->append(bytes));
        run(draft->finish());
    }
    std::string read(ByteRange range = {}) {
        const auto reader = run(store().open(key, range));
        if (!reader) return "(nothing)";
        std::string all;
        for (std::string piece = run(reader->next()); !piece.empty(); piece = run(reader->next())) {
            all += piece;
        }
        return all;
    }
    /// What is thrown; internal if nothing is.
    std::pair<Errc, std::string> failure_of(const std::function<void()>& call) {
        try {
            call();
            return {Errc::internal, ""};
        } catch (const StorageFailure& failure) {
            return {failure.code(), failure.what()};
        }
    }
    Errc code_of(const std::function<void()>& call) { return failure_of(call).first; }
    Errc code_of_put(const std::string& bytes = "bytes") {
        return code_of([&] { put(bytes); });
    }
    Errc code_of_read(ByteRange range = {}) {
        return code_of([&] { (void)read(range); });
    }

    asio::io_context loop{1};
    ManualClock clock{noon};
    SeededRandom random{4711};
    RetryLimits limits{.wait_start = milliseconds(1), .wait_max = milliseconds(2)};
    Credentials credentials{"KEY", "secret", ""};
    CredentialSource source = [this] { return credentials; };
    const ObjectKey key = ObjectKey::make(random);
    const std::string place = "/files/p/" + key.text();
    const std::string large = std::string(part_bytes, 'a') + std::string(part_bytes, 'b') + "rest";
    std::unique_ptr<ScriptedServer> server;

    Budget budget{512 * 1024 * 1024};

    /// At once, of writers and of readers each.
    void allow_calls(std::size_t count) {
        net::Limits calls;
        calls.outgoing_calls_max = count;
        client_.emplace(loop.get_executor(), calls);
        reading_.emplace(loop.get_executor(), calls);
    }

private:
    std::optional<net::http::Client> client_{std::in_place, loop.get_executor(), net::Limits{}};
    std::optional<net::http::Client> reading_{std::in_place, loop.get_executor(), net::Limits{}};
    std::optional<TaskGroup> endings_{std::in_place, loop.get_executor()};
    std::optional<S3ObjectStore> store_;
};

}  // namespace

TEST_F(S3Store, a_small_object_is_one_request_with_its_hash_signed) {
    serve(in_turn({ScriptedAnswer::of(200)}));
    put("Welcome to Amazon S3.");
    ASSERT_EQ(methods(), Methods{"PUT"});
    const ScriptedRequest sent = requests().at(0);
    EXPECT_EQ(sent.target, place);
    EXPECT_EQ(sent.body, "Welcome to Amazon S3.");
    EXPECT_EQ(sent.headers.at("content-type"), "application/octet-stream");
    EXPECT_EQ(
        sent.headers.at("x-amz-content-sha256"),
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
    );
    EXPECT_EQ(sent.headers.at("x-amz-date"), "20260524T120000Z");
    EXPECT_TRUE(sent.headers.at("authorization")
                    .starts_with("AWS4-HMAC-SHA256 Credential=KEY/20260524/eu-1/s3/aws4_request"));
    EXPECT_FALSE(sent.headers.contains("x-amz-security-token"));
}

TEST_F(S3Store, credentials_are_asked_for_at_each_try) {
    serve(in_turn({error(503, "SlowDown"), ScriptedAnswer::of(200)}));
    source = [this, tries = 0]() mutable {
        return tries++ == 0 ? credentials : Credentials{"NEW", "other", "token"};
    };
    put("x");
    ASSERT_EQ(requests().size(), 2U);
    EXPECT_NE(requests().at(0).headers.at("authorization").find("=KEY/"), std::string::npos);
    EXPECT_NE(requests().at(1).headers.at("authorization").find("=NEW/"), std::string::npos);
    EXPECT_EQ(requests().at(1).headers.at("x-amz-security-token"), "token");
}

TEST_F(S3Store, a_large_object_goes_in_parts_and_is_looked_at_in_the_end) {
    serve([this](const ScriptedRequest& request) {
        if (request.method == "HEAD") return head(large.size());
        if (request.method == "PUT") return ScriptedAnswer::of(200, "", "ETag: \"<e>\"\r\n");
        const bool begins = request.target.ends_with("?uploads=");
        return ScriptedAnswer::of(200, begins ? initiated : completed);
    });
    const auto draft = run(store().begin(key, large.size()));
    for (std::size_t at = 0; at < large.size(); at += 1'000'001) {
        run(draft->append(std::string_view(large).substr(at, 1'000'001)));
    }
    run(draft->finish());
    ASSERT_EQ(methods(), (Methods{"POST", "PUT", "PUT", "PUT", "POST", "HEAD"}));
    // Two are on their way at a time, and overtake each other.
    std::map<std::string, std::string> stored;
    for (const ScriptedRequest& sent : requests()) {
        if (sent.method != "PUT") continue;
        EXPECT_EQ(sent.headers.at("x-amz-content-sha256"), payload_hash(sent.body));
        stored[sent.target] = sent.body;
    }
    std::string all;
    for (const char* number : {"1", "2", "3"}) {
        all += stored[place + "?partNumber=" + number + "&uploadId=id%2B1"];
    }
    EXPECT_TRUE(all == large);
    EXPECT_EQ(requests().at(4).target, place + "?uploadId=id%2B1");
    EXPECT_NE(requests().at(4).body.find("<ETag>\"&lt;e&gt;\"</ETag>"), std::string::npos);
}

TEST_F(S3Store, an_object_of_just_one_part_is_one_request) {
    serve(in_turn({ScriptedAnswer::of(200)}));
    put(std::string(part_bytes, 'x'));
    EXPECT_EQ(methods(), Methods{"PUT"});
}

TEST_F(S3Store, parts_grow_where_ten_thousand_would_not_do) {
    constexpr std::uint64_t mebi = 1024 * 1024;
    EXPECT_EQ(part_bytes_for(0), 6 * mebi);
    EXPECT_EQ(part_bytes_for(60'000 * mebi - 1), 6 * mebi);
    EXPECT_EQ(part_bytes_for(60'000 * mebi), 7 * mebi);
    for (const std::uint64_t size : {60'000 * mebi, 5'000'000 * mebi, 117'739 * mebi + 1}) {
        EXPECT_GE(part_bytes_for(size) * parts_max, size);
    }
}

TEST_F(S3Store, what_fails_for_a_moment_is_tried_again) {
    serve(in_turn(
        {error(500, "InternalError"),
         error(503, "SlowDown", "Retry-After: 0\r\n"),
         ScriptedAnswer::cut(),
         error(400, "RequestTimeout"),
         ScriptedAnswer::of(200)}
    ));
    put("bytes");
    EXPECT_EQ(requests().size(), 5U);
    EXPECT_EQ(requests().at(4).body, "bytes");
}

TEST_F(S3Store, what_goes_on_failing_is_given_up) {
    serve(in_turn({error(503, "SlowDown")}));
    const auto [code, text] = failure_of([&] { (void)run(store().size(key)); });
    EXPECT_EQ(code, Errc::storage_unavailable);
    EXPECT_NE(text.find("503"), std::string::npos) << text;
    EXPECT_EQ(requests().size(), limits.tries_max);
}

TEST_F(S3Store, who_asks_to_wait_for_long_is_not_asked_again) {
    serve(in_turn({ScriptedAnswer::of(429, "", "Retry-After: 3600\r\n")}));
    EXPECT_EQ(code_of_read(), Errc::storage_unavailable);
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(S3Store, silence_is_waited_out_and_given_up) {
    limits.tries_max = 2;
    limits.try_within = milliseconds(30);
    serve(in_turn({ScriptedAnswer::silence()}));
    EXPECT_EQ(code_of([&] { (void)run(store().size(key)); }), Errc::storage_unavailable);
    EXPECT_EQ(requests().size(), 2U);
}

TEST_F(S3Store, nobody_there_is_told) {
    serve(in_turn({ScriptedAnswer::cut()}));
    const S3Options gone = options();
    server.reset();
    TaskGroup endings(loop.get_executor());
    S3ObjectStore store(gone, parts(), endings, limits);
    const auto [code, text] = failure_of([&] { run(store.check()); });
    EXPECT_EQ(code, Errc::storage_unavailable);
    EXPECT_NE(text.find(gone.bucket.endpoint), std::string::npos) << text;
}

TEST_F(S3Store, what_an_operator_can_mend_is_said_and_not_tried_again) {
    struct Case {
        int status;
        const char* code;
        Errc expected;
        const char* said;
    };
    for (const Case& one : std::initializer_list<Case>{
             {404, "NoSuchBucket", Errc::storage_unavailable, "no bucket files"},
             {403, "InvalidAccessKeyId", Errc::storage_unavailable, "AWS_ACCESS_KEY_ID"},
             {403, "SignatureDoesNotMatch", Errc::storage_unavailable, "AWS_SECRET_ACCESS_KEY"},
             {400, "ExpiredToken", Errc::storage_unavailable, "AWS_SESSION_TOKEN"},
             {403, "RequestTimeTooSkewed", Errc::storage_unavailable, "clock"},
             {403, "AccessDenied", Errc::storage_unavailable, "may not"},
             {301, "PermanentRedirect", Errc::storage_unavailable, "region"},
             {403, "QuotaExceeded", Errc::storage_full, "QuotaExceeded"},
             {507, "XMinioStorageFull", Errc::storage_full, "507"},
             {418, "", Errc::storage_unavailable, "418"}}) {
        serve(in_turn({error(one.status, one.code)}));
        const auto [code, text] = failure_of([&] { run(store().check()); });
        EXPECT_EQ(code, one.expected) << one.code;
        EXPECT_NE(text.find(one.said), std::string::npos) << one.code << ": " << text;
        EXPECT_EQ(text.find('\n'), std::string::npos);
        EXPECT_EQ(requests().size(), 1U) << one.code;
    }
}

TEST_F(S3Store, an_answer_to_a_put_that_is_lost_is_settled_by_looking) {
    const auto answer_head = [this](const ScriptedAnswer& of_head) {
        serve([of_head](const ScriptedRequest& request) {
            return request.method == "HEAD" ? of_head : ScriptedAnswer::cut();
        });
    };
    answer_head(head(5));
    put("bytes");
    answer_head(head(4));
    EXPECT_EQ(code_of_put(), Errc::storage_unavailable);
    answer_head(missing_head());
    EXPECT_EQ(code_of_put(), Errc::storage_unavailable);
    answer_head(ScriptedAnswer::cut());
    EXPECT_EQ(code_of_put(), Errc::outcome_unknown);
    serve(in_turn({error(403, "AccessDenied")}));
    EXPECT_EQ(code_of_put(), Errc::storage_unavailable);
    EXPECT_EQ(methods(), Methods{"PUT"}) << "there is nothing to look for";
}

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

namespace {

std::string listed(const std::string& name, const char* time = "2026-05-24T11:00:00Z") {
    return "<Contents><Key>" + name + "</Key><LastModified>" + time +
           "</LastModified><Size>7</Size></Contents>";
}

ScriptedAnswer list_of(const std::string& contents, bool truncated) {
    return ScriptedAnswer::of(
        200,
        "<ListBucketResult><IsTruncated>" + std::string(truncated ? "true" : "false") +
            "</IsTruncated>" + contents + "</ListBucketResult>"
    );
}

}  // namespace

TEST_F(S3Store, pages_follow_one_another_and_hold_only_our_own) {
    const std::string first = std::string(32, '1');
    const std::string second = std::string(32, '2');
    serve(in_turn(
        {list_of(listed("p/" + first) + listed("p/" + first + ".txt"), true),
         list_of(
             listed("p/" + second) + listed("p/" + std::string(32, '3'), "2026-05-24T12:00:00Z"),
             false
         )}
    ));
    const auto page = run(store().list(noon, std::nullopt));
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(page.items[0].key.text(), first);
    EXPECT_EQ(page.items[0].size, 7U);
    ASSERT_TRUE(page.next);
    const auto next = run(store().list(noon, page.next));
    ASSERT_EQ(next.items.size(), 1U) << "what is younger is left out";
    EXPECT_FALSE(next.next);
    const std::string after = "&start-after=p%2F" + first + ".txt";
    EXPECT_NE(requests().at(1).target.find(after), std::string::npos);
    EXPECT_EQ(requests().at(0).target.find("start-after"), std::string::npos);
}

TEST_F(S3Store, a_list_that_is_none_is_a_failure) {
    const std::string name = "p/" + std::string(32, '1');
    for (const ScriptedAnswer& answer :
         {ScriptedAnswer::of(200, "<html></html>"),
          ScriptedAnswer::of(200),
          list_of("<Contents></Contents>", false),
          list_of("", true),
          list_of(std::string(3'200'000, ' '), false)}) {
        serve(in_turn({answer}));
        EXPECT_EQ(
            code_of([&] { (void)run(store().list(noon, std::nullopt)); }), Errc::storage_unavailable
        );
    }
    serve(in_turn({list_of(listed(name), true)}));
    const auto page = run(store().list(noon, std::nullopt));
    EXPECT_EQ(code_of([&] { (void)run(store().list(noon, page.next)); }), Errc::storage_unavailable)
        << "it would never end";
}

TEST_F(S3Store, a_sweep_ends_what_was_left_and_nothing_else) {
    const auto upload = [](const std::string& name, const std::string& id, const char* time) {
        return "<Upload><Key>" + name + "</Key><UploadId>" + id + "</UploadId><Initiated>" + time +
               "</Initiated></Upload>";
    };
    const std::string name = "p/" + std::string(32, '1');
    const char* old = "2026-05-24T10:00:00Z";
    const char* young = "2026-05-24T12:30:00Z";
    serve([&](const ScriptedRequest& request) {
        if (request.method == "DELETE") return ScriptedAnswer::of(204);
        if (request.target.find("uploads=") == std::string::npos) {
            const bool busy = request.target.ends_with("busy");
            return ScriptedAnswer::of(
                200,
                "<ListPartsResult><IsTruncated>false</IsTruncated><Part><LastModified>" +
                    std::string(busy ? young : old) + "</LastModified></Part></ListPartsResult>"
            );
        }
        const bool second = request.target.find("key-marker=m") != std::string::npos;
        const std::string first_page =
            upload(name, "left", old) + upload(name, "busy", old) + upload(name, "new", young) +
            "<NextKeyMarker>m</NextKeyMarker><NextUploadIdMarker>n</NextUploadIdMarker>";
        const std::string second_page =
            upload("p/other.txt", "foreign", old) + upload(name, "last", old);
        return ScriptedAnswer::of(
            200,
            "<ListMultipartUploadsResult><IsTruncated>" + std::string(second ? "false" : "true") +
                "</IsTruncated>" + (second ? second_page : first_page) +
                "</ListMultipartUploadsResult>"
        );
    });
    EXPECT_EQ(run(store().sweep_drafts(noon)), 2U);
    std::vector<std::string> ended;
    for (const ScriptedRequest& request : requests()) {
        if (request.method == "DELETE") ended.push_back(request.target);
    }
    const std::string start = "/files/" + name + "?uploadId=";
    EXPECT_EQ(ended, (std::vector<std::string>{start + "left", start + "last"}));
}

TEST_F(S3Store, one_upload_that_cannot_be_ended_holds_up_no_other_and_is_told) {
    const std::string name = "p/" + std::string(32, '1');
    const std::string whole = "<IsTruncated>false</IsTruncated>";
    std::string uploads;
    for (const char* id : {"held", "left"}) {
        uploads += "<Upload><Key>" + name + "</Key><UploadId>" + std::string(id) +
                   "</UploadId><Initiated>2026-05-24T10:00:00Z</Initiated></Upload>";
    }
    serve([&](const ScriptedRequest& request) {
        const bool held = request.target.ends_with("=held");
        if (request.method == "DELETE") {
            return held ? error(403, "AccessDenied") : ScriptedAnswer::of(204);
        }
        if (request.target.find("uploads=") == std::string::npos) {
            return ScriptedAnswer::of(200, "<ListPartsResult>" + whole + "</ListPartsResult>");
        }
        return ScriptedAnswer::of(
            200, "<ListMultipartUploadsResult>" + whole + uploads + "</ListMultipartUploadsResult>"
        );
    });
    EXPECT_EQ(code_of([&] { (void)run(store().sweep_drafts(noon)); }), Errc::storage_unavailable);
    EXPECT_EQ(requests().back().target, "/files/" + name + "?uploadId=left");
    EXPECT_EQ(requests().back().method, "DELETE");
}

TEST_F(S3Store, a_page_of_uploads_may_be_as_large_as_amazons) {
    const std::string whole = "<IsTruncated>false</IsTruncated>";
    const std::string id(400, 'x');
    const std::string who = "<ID>" + std::string(64, 'f') + "</ID><DisplayName>a</DisplayName>";
    const std::string upload = "<Upload><Key>p/other</Key><UploadId>" + id +
                               "</UploadId><Initiator>" + who + "</Initiator><Owner>" + who +
                               "</Owner><StorageClass>STANDARD</StorageClass>"
                               "<Initiated>2026-05-24T10:00:00Z</Initiated></Upload>";
    serve([&](const ScriptedRequest& request) {
        const std::size_t at = request.target.find("max-uploads=");
        const std::size_t count = std::stoul(request.target.substr(at + 12));
        std::string all;
        for (std::size_t i = 0; i < count; ++i) all += upload;
        return ScriptedAnswer::of(
            200, "<ListMultipartUploadsResult>" + whole + all + "</ListMultipartUploadsResult>"
        );
    });
    EXPECT_EQ(run(store().sweep_drafts(noon)), 0U);
}

TEST_F(S3Store, a_key_that_may_not_list_uploads_is_told_of_at_the_start) {
    serve([](const ScriptedRequest& request) {
        if (request.target.find("list-type") != std::string::npos) return list_of("", false);
        return error(403, "AccessDenied");
    });
    const auto [code, text] = failure_of([&] { run(store().check()); });
    EXPECT_EQ(code, Errc::storage_unavailable);
    EXPECT_NE(text.find("listing uploads"), std::string::npos) << text;
}

/// Who has the files is said by an object, which lies there as in a bucket.
class S3Owner : public S3Store {
public:
    void serve_owner(ScriptedAnswer of_condition = error(412, "PreconditionFailed")) {
        serve([this, of_condition](const ScriptedRequest& request) {
            EXPECT_EQ(request.target, "/files/p/banter-owner");
            if (request.method == "GET") {
                return owner ? ScriptedAnswer::of(200, *owner) : error(404, "NoSuchKey");
            }
            const bool on_condition = request.headers.contains("if-none-match");
            if (on_condition && faster) owner = std::exchange(faster, std::nullopt);
            if (on_condition && owner) return of_condition;
            if (on_condition && refuses_conditions) return error(501, "NotImplemented");
            owner = request.body;
            return ScriptedAnswer::of(200);
        });
    }
    bool claim(std::string epoch, bool take_over = false) {
        return run(store().claim(std::move(epoch), take_over));
    }

    std::optional<std::string> owner;
    /// Who writes it between our looking and our writing.
    std::optional<std::string> faster;
    bool refuses_conditions = false;
};

TEST_F(S3Owner, the_first_one_has_the_prefix_from_then_on) {
    serve_owner();
    EXPECT_TRUE(claim("mine"));
    EXPECT_EQ(owner, "mine");
    EXPECT_TRUE(claim("mine"));
    EXPECT_FALSE(claim("another"));
    EXPECT_EQ(owner, "mine");
    EXPECT_TRUE(claim("another", true));
    EXPECT_EQ(owner, "another");
    EXPECT_FALSE(claim("mine"));
}

TEST_F(S3Owner, of_two_that_start_at_once_one_has_it) {
    serve_owner();
    faster = "another";
    EXPECT_FALSE(claim("mine"));
    EXPECT_EQ(owner, "another");
}

TEST_F(S3Owner, a_service_without_conditions_will_do) {
    refuses_conditions = true;
    serve_owner();
    EXPECT_TRUE(claim("mine"));
    EXPECT_EQ(owner, "mine");
}

TEST_F(S3Owner, what_cannot_be_kept_is_told) {
    serve(in_turn({error(404, "NoSuchKey"), error(403, "AccessDenied")}));
    EXPECT_EQ(code_of([&] { (void)claim("mine"); }), Errc::storage_unavailable);
    serve([](const ScriptedRequest& request) {
        return request.method == "GET" ? error(404, "NoSuchKey") : ScriptedAnswer::of(200);
    });
    EXPECT_EQ(code_of([&] { (void)claim("mine"); }), Errc::storage_unavailable);
    EXPECT_LT(requests().size(), 10U);
}

}  // namespace banter::s3
