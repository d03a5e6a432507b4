// A file without a name, gone with its owner and with the process. All calls block, and throw
// StorageFailure.
#pragma once

#include "base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace banter::vips {

class Spool {
public:
    /// Made in `directory`, which is there.
    explicit Spool(const std::filesystem::path& directory);

    void append(std::string_view chunk);
    /// As much of the range as there is.
    [[nodiscard]] std::string read(std::uint64_t offset, std::size_t size) const;
    [[nodiscard]] std::uint64_t size() const;

    /// To write to.
    [[nodiscard]] int descriptor() const { return *file_; }
    /// Another one, which can't be written to.
    [[nodiscard]] Descriptor open_to_read() const;

private:
    Descriptor file_;
};

}  // namespace banter::vips
