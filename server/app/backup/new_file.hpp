// A file that is there under its name when all of it is on disk, or not at all.
#pragma once

#include "base/descriptor.hpp"

#include <filesystem>
#include <string_view>

namespace banter::app {

/// For its owner only. Until it is published it has a name with ".part-" in it, which only a killed
/// process leaves behind. Everything throws std::runtime_error with a sentence for the operator.
class NewFile {
public:
    /// Refuses a name that is taken.
    explicit NewFile(std::filesystem::path path);
    /// Removes what was not published.
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    void write(std::string_view bytes);
    /// Syncs it, and gives it its name, also on disk. Refuses a name that was taken meanwhile.
    void publish();

private:
    [[noreturn]] void fail(std::string_view what, int error) const;

    std::filesystem::path path_;
    std::filesystem::path draft_;
    Descriptor file_;
};

/// The one that holds `path`, "." for a name alone.
[[nodiscard]] std::filesystem::path directory_of(const std::filesystem::path& path);

/// Makes sure that what was made, renamed and removed in `directory` stays so after a power cut.
void sync_directory(const std::filesystem::path& directory);

}  // namespace banter::app
