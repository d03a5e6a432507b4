// Keeps a second process out of the data directory.
#pragma once

#include <filesystem>
#include <stdexcept>

namespace banter::sqlite {

/// "DIR is in use by another Banter (pid N)"
class InUse : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Holds flock(2) on `banter.lock`, which names the holder's process, as long as it lives; the
/// kernel lets go of it when the process ends, however it ends.
class LockFile {
public:
    /// Throws InUse, or std::runtime_error that says why it can't be taken.
    explicit LockFile(const std::filesystem::path& directory);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

private:
    int descriptor_;
};

}  // namespace banter::sqlite
