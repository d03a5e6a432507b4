// The store against a service that answers what it is told to: errors, lies, half answers, nothing.
#pragma once

#include "base/testing/run.hpp"
#include "base/testing/scripted_server.hpp"
#include "storage/s3/object_store.hpp"
#include "storage/s3/part.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banter::s3 {

using banter::testing::ScriptedAnswer;
using banter::testing::ScriptedRequest;
using banter::testing::ScriptedServer;
using std::chrono::milliseconds;
using storage::ByteRange;
using storage::ObjectKey;

inline const Timestamp noon{
    std::chrono::sys_days{std::chrono::year{2026} / 5 / 24} + std::chrono::hours(12)};
inline constexpr const char* initiated =
    "<InitiateMultipartUploadResult><UploadId>id+1</UploadId></InitiateMultipartUploadResult>";
inline constexpr const char* completed =
    "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>";

inline ScriptedAnswer error(int status, std::string_view code, std::string_view more = {}) {
    const std::string body = "<?xml version=\"1.0\"?><Error><Code>" + std::string(code) +
                             "</Code><Message>told\nso</Message></Error>";
    return ScriptedAnswer::of(status, body, more);
}

inline ScriptedAnswer found(std::string_view body) {
    return ScriptedAnswer::of(200, body, "ETag: \"e\"\r\n");
}

/// Of a HEAD, so without the body.
inline ScriptedAnswer head(std::size_t size) {
    return {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n"};
}

inline ScriptedAnswer missing_head() {
    return {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"};
}

inline ScriptedAnswer part(std::string_view all, std::size_t first, std::size_t last) {
    return ScriptedAnswer::of(
        206,
        all.substr(first, last + 1 - first),
        "ETag: \"e\"\r\nContent-Range: bytes " + std::to_string(first) + "-" +
            std::to_string(last) + "/" + std::to_string(all.size()) + "\r\n"
    );
}

inline ScriptedAnswer cut_after(ScriptedAnswer answer, std::size_t missing) {
    answer.bytes.resize(answer.bytes.size() - missing);
    answer.then = ScriptedAnswer::Then::close;
    return answer;
}

/// These, one after the other; the last one for ever.
inline ScriptedServer::Script in_turn(std::vector<ScriptedAnswer> answers) {
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

}  // namespace banter::s3
