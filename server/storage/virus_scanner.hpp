// Looks for malware in files. Every call may throw StorageFailure: storage_unavailable.
#pragma once

#include "base/task.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::storage {

/// One file that is being looked through. One call at a time; dropping it gives it up.
class VirusScan {
public:
    virtual ~VirusScan() = default;

    /// chunk  stays as it is until this returns
    [[nodiscard]] virtual Task<> append(std::string_view chunk) = 0;

    /// The last call. What was found, as the scanner calls it; nothing: the file is clean.
    [[nodiscard]] virtual Task<std::optional<std::string>> finish() = 0;
};

class VirusScanner {
public:
    virtual ~VirusScanner() = default;

    [[nodiscard]] virtual Task<std::unique_ptr<VirusScan>> begin() = 0;
};

}  // namespace banter::storage
