// The disk store in a temporary directory, as the contract test asks for it.
#pragma once

#include "base/clock.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "storage/disk/object_store.hpp"
#include "storage/testing/temporary_directory.hpp"

#include <filesystem>

namespace banter::storage {

class DiskBackend {
public:
    [[nodiscard]] asio::io_context& loop() { return loop_; }
    [[nodiscard]] ObjectStore& store() { return store_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] Timestamp now() const { return SystemClock().now(); }
    [[nodiscard]] Offload& offload() { return offload_; }
    [[nodiscard]] std::filesystem::path directory() const { return directory_.path() / "files"; }
    [[nodiscard]] std::filesystem::path draft_of(ObjectKey key) const {
        return directory() / "drafts" / key.text();
    }
    [[nodiscard]] std::filesystem::path place_of(ObjectKey key) const {
        return directory() / key.text().substr(0, 2) / key.text();
    }

private:
    TemporaryDirectory directory_;
    asio::io_context loop_{1};
    /// One after the other.
    Offload offload_{1, 100};
    SeededRandom random_{4711};
    disk::DiskObjectStore store_{{.directory = directory(), .spare_bytes = 0}, offload_};
};

}  // namespace banter::storage
