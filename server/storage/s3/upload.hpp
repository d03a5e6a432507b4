// An object that is written to S3: in one request if it is small, else in parts. Two are in memory:
// one is filled while another is on its way, or both are on their way.
#pragma once

#include "base/task_group.hpp"
#include "storage/object_store.hpp"
#include "storage/s3/endpoint.hpp"
#include "storage/s3/part.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::s3 {

class Upload final : public storage::ObjectDraft {
public:
    /// endings: where an upload that is dropped is ended at S3; outlives it, as the endpoint does.
    /// Throws StorageFailure busy if there is no memory for its parts.
    Upload(Endpoint& endpoint, TaskGroup& endings, std::string key, std::uint64_t bytes_expected);
    ~Upload() override;

    [[nodiscard]] Task<> append(std::string_view chunk) override;
    [[nodiscard]] Task<> finish() override;
    [[nodiscard]] Task<> abort() override;

    /// A part on its way, which may outlive the upload.
    struct Flight;
    using Flights = std::deque<std::shared_ptr<Flight>>;

private:
    [[nodiscard]] Task<> put_whole();
    [[nodiscard]] Task<> begin_parts();
    /// Sends the part that is filled on its way.
    [[nodiscard]] Task<> send_part();
    /// Gets a part to fill, of one that has arrived if there are two.
    [[nodiscard]] Task<> make_room();
    /// Waits for the part that was sent first, and gives it back empty; throws if it did not
    /// arrive.
    [[nodiscard]] Task<Part> land();
    [[nodiscard]] Task<> complete();
    /// Whether all of it is there after all; throws if not, or if nobody knows.
    [[nodiscard]] Task<> settle(Trouble trouble);
    [[nodiscard]] Task<std::optional<Trouble>> check_size();
    [[nodiscard]] Operation operation(std::string doing, std::string method) const;

    Endpoint& endpoint_;
    TaskGroup& endings_;
    std::string key_;
    std::size_t part_bytes_;
    /// The one that is filled.
    std::optional<Part> part_;
    Share share_;
    /// Parts on their way, in their order.
    Flights flights_;
    std::uint64_t size_ = 0;  // of the parts that arrived
    std::string id_;          // of the upload in parts; empty: none was begun
    std::vector<std::string> etags_;
};

/// Gives up an upload in parts. That there is none succeeds.
[[nodiscard]] Task<> end_upload(Endpoint& endpoint, std::string key, std::string id);
/// The same, and why it failed.
[[nodiscard]] Task<std::optional<Trouble>> try_end_upload(
    Endpoint& endpoint,
    std::string key,
    std::string id
);

}  // namespace banter::s3
