// Links by which browsers fetch the bytes of a file, without signing in, for a few minutes.
//
// Links of one file made within model::limits::file_link_grid are equal, so that caches can keep
// what they give; all end within model::limits::file_link_lifetime_max.
#pragma once

#include "base/clock.hpp"
#include "storage/object_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::storage {

/// What a link gives.
struct LinkedFile {
    ObjectKey key;
    /// As its owner called it, well-formed UTF-8 of at most limits::file_name_bytes_max; a browser
    /// saves it under this name. It is never part of a path.
    std::string name;
    /// As the server found it to be, `type/subtype`; never what a client said.
    std::string media_type;
    /// To be saved even if a browser may show it.
    bool download = false;
};

struct FileLink {
    std::string url;
    Timestamp expires_at;
};

class Cdn {
public:
    virtual ~Cdn() = default;

    /// Computed here, without asking anybody.
    [[nodiscard]] virtual FileLink link(const LinkedFile& file, Timestamp now) const = 0;
};

/// What a link asks this server for, and says of the answer.
struct SignedFile {
    ObjectKey key;
    /// For Content-Type.
    std::string media_type;
    /// Text, or something like it, that takes less room compressed.
    bool textual = false;
    /// The value of Content-Disposition (RFC 6266).
    std::string disposition;
    /// Up to when caches may keep the answer.
    Timestamp expires_at;
};

/// Knows the links that lead to this server again.
class LinkVerifier {
public:
    virtual ~LinkVerifier() = default;

    /// Nothing if `target`, path and query as they came, is no link of this server, was changed in
    /// any byte, or is over. Takes the same time whatever signature it compares.
    [[nodiscard]] virtual std::optional<SignedFile> verify(std::string_view target, Timestamp now)
        const = 0;
};

}  // namespace banter::storage
