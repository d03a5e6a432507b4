// What S3 answers, read into values. Pure; nothing is taken that isn't as it should be.
//
// Source  docs.aws.amazon.com/AmazonS3/latest/API
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::s3 {

/// An error's body; with another body, or none, all are empty.
struct ErrorAnswer {
    std::string code;
    std::string message;
    /// Where the bucket is, if it was asked for elsewhere.
    std::string region;
};

[[nodiscard]] ErrorAnswer parse_error(std::string_view body);

struct ListedObject {
    std::string key;
    std::uint64_t size = 0;
    Timestamp written_at;
};

struct ObjectsPage {
    std::vector<ListedObject> objects;
    bool truncated = false;
};

/// Of ListObjectsV2.
[[nodiscard]] std::optional<ObjectsPage> parse_objects(std::string_view body);

struct ListedUpload {
    std::string key;
    std::string id;
    Timestamp begun_at;
};

struct UploadsPage {
    std::vector<ListedUpload> uploads;
    bool truncated = false;
    std::string next_key;
    std::string next_id;
};

/// Of ListMultipartUploads.
[[nodiscard]] std::optional<UploadsPage> parse_uploads(std::string_view body);

struct PartsPage {
    /// When the last of these parts was written; none: there are none.
    std::optional<Timestamp> written_at;
    bool truncated = false;
    std::string next_part;
};

/// Of ListParts.
[[nodiscard]] std::optional<PartsPage> parse_parts(std::string_view body);

/// Of CreateMultipartUpload: the upload's id.
[[nodiscard]] std::optional<std::string> parse_upload_id(std::string_view body);

/// Whether that is how a CompleteMultipartUpload succeeds: its status is 200 when it fails, too.
[[nodiscard]] bool is_completion(std::string_view body);

/// The body of a CompleteMultipartUpload. etags: of the parts 1, 2, …
[[nodiscard]] std::string completion_of(const std::vector<std::string>& etags);

/// "2013-05-24T12:34:56.789Z", the fraction left out or of any length.
[[nodiscard]] std::optional<Timestamp> parse_time(std::string_view text);

/// Of a header Content-Range: the first byte, the last and the size of all.
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t size = 0;
};

[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text);

/// All of the text, in decimal.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace banter::s3
