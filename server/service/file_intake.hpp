// Takes the bytes of one file in: looks at what they are, lets pictures be looked into, and stores
// what may be kept. Holds no more of them than a few pieces.
#pragma once

#include "base/random.hpp"
#include "model/file.hpp"
#include "model/limits.hpp"
#include "service/byte_source.hpp"
#include "service/file_types.hpp"
#include "service/picture_turns.hpp"
#include "service/sha256.hpp"
#include "storage/storage.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace banter::service {

/// What a client says of a file that it sends.
struct IncomingFile {
    /// Any bytes.
    std::string name;
    std::string claimed_type;
    /// Hardly more than there are, for looking whether there is room; 0: unknown.
    std::uint64_t bytes_expected = 0;
    model::UserId uploader{};
};

/// A file whose bytes are stored, and that nobody knows of yet.
struct TakenFile {
    /// Without an id.
    model::File file;
    /// Of its object, until it is known.
    storage::FreshObjects::Claim claim;
    Digest sha256{};
    /// Whether variants of it, or of a poster, can be made.
    bool unrendered = false;
};

struct IntakeRules {
    FileTypeRules types;
    /// Of one file.
    std::uint64_t file_bytes_max = 0;
};

/// For one loop.
class FileIntake {
public:
    FileIntake(const IntakeRules& rules, storage::FileStorage& storage, Random& random)
        : rules_(rules),
          storage_(storage),
          random_(random),
          picture_turns_(model::limits::pictures_at_once_max) {}

    /// Reads `source` to its end. What it refuses, or fails with, it doesn't keep. Where there is
    /// no room it throws before it reads anything.
    ///
    /// Returns too_large, unsupported_media (by the rules), bad_image (no picture though it says
    /// so, damaged, a bomb), malware, what the source says
    [[nodiscard]] Task<Result<TakenFile>> take(IncomingFile incoming, ByteSource& source);

    /// too_large for what says so itself.
    [[nodiscard]] std::optional<Error> refused_size(std::uint64_t bytes) const;

private:
    class Pieces;
    class Kept;

    [[nodiscard]] Task<Result<TakenFile>> take_as_is(TakenFile taken, Pieces& pieces, Kept& kept);
    [[nodiscard]] Task<Result<TakenFile>> take_picture(
        TakenFile taken,
        Pieces& pieces,
        storage::IncomingPicture& picture,
        Kept& kept
    );

    const IntakeRules& rules_;
    storage::FileStorage& storage_;
    Random& random_;
    PictureTurns picture_turns_;
};

}  // namespace banter::service
