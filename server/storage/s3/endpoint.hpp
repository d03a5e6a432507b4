// Requests to one bucket: signed, sent, tried again where that may help.
#pragma once

#include "base/budget.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "net/http/client.hpp"
#include "storage/object_key.hpp"
#include "storage/s3/idle_reads.hpp"
#include "storage/s3/options.hpp"
#include "storage/s3/retry.hpp"
#include "storage/s3/signature.hpp"
#include "storage/s3/trouble.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::s3 {

/// Asked at each try, so that temporary credentials may be renewed meanwhile.
using CredentialSource = std::function<Credentials()>;

/// What is asked of S3.
struct Operation {
    /// For the log: "storing an object".
    std::string doing;
    std::string method = "GET";
    /// Whole, with its prefix; empty: the bucket itself.
    std::string key;
    Fields query;
    Fields headers;
    /// Stays as it is until the answer is there.
    std::string_view body;
    /// payload_hash of the body; empty: it is made.
    std::string body_hash;
    /// Statuses that are answers and no trouble.
    std::vector<int> accepted{200};
    /// Whether a 404 is an answer if it is about the object, and not about the bucket.
    bool may_be_missing = false;
    /// Whether the body of a good answer is left to be read from Answer::rest.
    bool streams = false;
    /// Whether it is for a reader of objects: those have calls of their own, so that no number of
    /// downloads holds up what is written or removed.
    bool reads = false;
    /// Whether it goes on with what was begun, and so waits for its turn where others are refused.
    bool resumes = false;
    /// Whether a body that is an error is trouble although its status is 200.
    bool may_fail_late = false;
    /// Whether bodies go to and fro for as long as they need, and only have to keep the least rate.
    bool takes_time = false;
    /// How long S3 may think about it; nothing: what limits.outgoing_grace says.
    std::optional<std::chrono::milliseconds> grace;
    std::size_t answer_bytes_max = 64 * 1024;
};

struct Answer {
    int status = 0;
    net::http::Headers headers;
    std::string body;
    std::optional<net::http::Call> rest;

    /// A header's value; empty if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// What it takes, and outlives it. On one shard, as its client is.
struct EndpointParts {
    net::http::Client& client;
    /// For what reads objects, which takes as long as those who read them.
    net::http::Client& reading;
    CredentialSource credentials;
    const Clock& clock;
    Random& random;
    /// Of the process.
    Budget& part_budget;
};

class Endpoint {
public:
    using Outcome = boost::system::result<Answer, Trouble>;

    Endpoint(S3Options options, EndpointParts parts, const RetryLimits& retries);

    /// Asks until there is an answer or it is no use any more.
    [[nodiscard]] Task<Outcome> attempt(Operation operation);
    /// The same; throws StorageFailure.
    [[nodiscard]] Task<Answer> ask(Operation operation);

    [[nodiscard]] const S3Options& options() const { return options_; }
    [[nodiscard]] std::string key_of(storage::ObjectKey key) const;
    [[nodiscard]] Retries retries() const;
    [[nodiscard]] SteadyTime now() const { return parts_.clock.steady(); }
    [[nodiscard]] IdleReads& idle_reads() { return idle_reads_; }
    [[nodiscard]] Budget& part_budget() { return parts_.part_budget; }

private:
    [[nodiscard]] net::http::ClientRequest signed_request(const Operation& operation) const;
    [[nodiscard]] net::http::Outcome<net::http::Call> start(
        const Operation& operation,
        const net::http::ClientRequest& request
    );
    [[nodiscard]] Task<Outcome> try_once(
        const Operation& operation,
        std::chrono::milliseconds within
    );
    [[nodiscard]] Task<std::optional<Trouble>> read_body(
        const Operation& operation,
        Answer& answer
    );
    [[nodiscard]] Outcome judged(const Operation& operation, Answer answer) const;

    S3Options options_;
    EndpointParts parts_;
    RetryLimits limits_;
    IdleReads idle_reads_;
};

/// Waits, and stops waiting if the task is told to stop.
[[nodiscard]] Task<> wait_for(std::chrono::milliseconds time);

}  // namespace banter::s3
