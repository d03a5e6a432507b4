// Malware is looked for by clamd, the daemon of ClamAV, in a stream of its own for each file.
#pragma once

#include "storage/clamd/address.hpp"
#include "storage/clamd/connection.hpp"
#include "storage/virus_scanner.hpp"

#include <memory>

namespace banter::clamd {

/// One for all loops: it keeps no connection, so a clamd that comes back is used at once. What
/// clamd didn't say is clean isn't: each trouble is a failure, also a file beyond clamd's limit on
/// streams.
class ClamdScanner final : public storage::VirusScanner {
public:
    explicit ClamdScanner(Address address, const Times& times = {});

    /// For the start: throws StorageFailure with what to change unless a clamd answers.
    [[nodiscard]] Task<> check();

    /// The scanner outlives the scan.
    [[nodiscard]] Task<std::unique_ptr<storage::VirusScan>> begin() override;

private:
    const Address address_;
    const Times times_;
};

}  // namespace banter::clamd
