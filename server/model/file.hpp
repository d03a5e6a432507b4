// A file that somebody uploaded; as part of a message it is called an attachment.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"
#include "model/object_key.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::model {

/// How large a picture is shown, in pixels, and what is shown until it is there.
struct PictureFacts {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    /// ThumbHash in base64; empty: none.
    std::string thumbhash;

    friend bool operator==(const PictureFacts&, const PictureFacts&) = default;
};

/// A smaller picture of a file, made by the server.
struct FileVariant {
    ObjectKey object;
    std::string media_type;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint64_t bytes = 0;

    friend bool operator==(const FileVariant&, const FileVariant&) = default;
};

/// Holds no URL: those are made for whoever asks, and end.
struct File {
    FileId id;
    ObjectKey object;
    /// As its owner called it: text, and never a part of any path or key.
    std::string name;
    /// As the server found it to be.
    std::string media_type;
    std::uint64_t bytes = 0;
    /// Of pictures that were looked into.
    std::optional<PictureFacts> picture;
    /// From the narrowest on.
    std::vector<FileVariant> variants;

    friend bool operator==(const File&, const File&) = default;
};

/// A file that is being uploaded in parts, over several requests.
struct Upload {
    UploadId id;
    /// As File.
    std::string name;
    /// As the client says; nothing relies on it.
    std::string claimed_type;
    /// All that the client said of it, in its own words, to be told again.
    std::string metadata;
    std::uint64_t bytes = 0;
    /// How many of them are there.
    std::uint64_t offset = 0;
    /// In how many parts.
    std::size_t parts = 0;
    /// After this it is forgotten.
    Timestamp expires_at;
    /// Until then somebody makes a file of it; in the past: nobody does.
    Timestamp claimed_until;
    /// What it became.
    std::optional<FileId> file;

    /// Whether it is to become a file now.
    [[nodiscard]] bool awaits_file() const { return offset == bytes && !file; }
};

}  // namespace banter::model
