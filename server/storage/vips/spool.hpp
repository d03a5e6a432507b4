// Files without names, gone with their owners and with the process. All calls block, and throw
// StorageFailure.
#pragma once

#include "base/budget.hpp"
#include "base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace banter::vips {

struct SpoolLimits {
    /// Stays free on the disk, so that no message fails for a picture; in bytes.
    std::uint64_t spare_bytes = std::uint64_t{64} * 1024 * 1024;
    /// Of all files together.
    std::uint64_t bytes_max = std::uint64_t{2} * 1024 * 1024 * 1024;
};

/// Where spools are made, and what all of them together take. One serves all threads of execution;
/// it outlives its spools.
class SpoolFolder {
public:
    /// Makes the directory if it isn't there.
    explicit SpoolFolder(std::filesystem::path directory, SpoolLimits limits = {});

    [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

    /// So many bytes more are written to `file`, which lies here. Throws busy if that is too much
    /// for now, storage_full if the disk has no room for them.
    void take(int file, std::uint64_t bytes);
    void give_back(std::uint64_t bytes) noexcept { room_.give_back(bytes); }

private:
    std::filesystem::path directory_;
    std::uint64_t spare_bytes_;
    Budget room_;
};

class Spool {
public:
    explicit Spool(SpoolFolder& folder);
    ~Spool();
    Spool(Spool&& other) noexcept;
    Spool& operator=(Spool&&) = delete;

    void append(std::string_view chunk);
    /// As much of the range as there is.
    [[nodiscard]] std::string read(std::uint64_t offset, std::size_t size) const;
    [[nodiscard]] std::uint64_t size() const;

    /// Keeps room for what somebody else will write.
    void reserve(std::uint64_t bytes);
    /// That has been written: what it takes is its size.
    void settle();

    /// To write to.
    [[nodiscard]] int descriptor() const { return *file_; }
    /// Another one, which can't be written to.
    [[nodiscard]] Descriptor open_to_read() const;

private:
    SpoolFolder* folder_;
    Descriptor file_;
    /// Bytes of the folder's.
    std::uint64_t taken_ = 0;
};

}  // namespace banter::vips
