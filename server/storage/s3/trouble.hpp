// What went wrong with a request to S3: whether it is worth another try, and what an operator has
// to change. Pure.
#pragma once

#include "base/result.hpp"
#include "net/http/client.hpp"
#include "storage/s3/answers.hpp"
#include "storage/s3/options.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace banter::s3 {

struct Trouble {
    Errc code = Errc::storage_unavailable;
    /// A sentence for the log.
    std::string text;
    /// Whether the same request may succeed in a moment.
    bool passing = false;
    /// Whether what was asked for may have been done.
    bool perhaps_done = false;
    /// What the service asked to wait.
    std::chrono::milliseconds advised{0};
    /// S3's own name for it; empty: it did not answer.
    std::string s3_code;

    [[nodiscard]] StorageFailure failure() const { return {code, text}; }
};

/// doing: what was tried, such as "storing an object".
[[nodiscard]] Trouble trouble_of(
    const S3Options& options,
    const std::string& doing,
    const net::http::CallFailure& failure
);

/// Of an answer that isn't what was asked for. retry_after: of its header, or empty.
struct Refusal {
    int status = 0;
    ErrorAnswer error;
    std::string retry_after;
};

[[nodiscard]] Trouble trouble_of(
    const S3Options& options,
    const std::string& doing,
    const Refusal& refusal
);

/// S3 answered what no S3 answers.
[[nodiscard]] Trouble nonsense(
    const S3Options& options,
    const std::string& doing,
    const std::string& what
);

}  // namespace banter::s3
