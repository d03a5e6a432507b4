// An object that is written to S3: in one request if it is small, else in parts. While one is on
// its way the next one is filled, so two are in memory.
#pragma once

#include "base/task_group.hpp"
#include "storage/object_store.hpp"
#include "storage/s3/endpoint.hpp"
#include "storage/s3/part.hpp"

#include <cstdint>
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

private:
    [[nodiscard]] Task<> put_whole();
    [[nodiscard]] Task<> begin_parts();
    /// Sends what is filled on its way, when the part before has arrived.
    [[nodiscard]] Task<> put_part();
    /// Waits until no part is on its way; throws if it did not arrive.
    [[nodiscard]] Task<> land();
    [[nodiscard]] Task<> complete();
    /// Whether all of it is there after all; throws if not, or if nobody knows.
    [[nodiscard]] Task<> settle(Trouble trouble);
    [[nodiscard]] Task<std::optional<Trouble>> check_size();
    [[nodiscard]] Operation operation(std::string doing, std::string method) const;

    Endpoint& endpoint_;
    TaskGroup& endings_;
    std::string key_;
    Part part_;
    Share share_;
    /// The part on its way; null: none is.
    std::shared_ptr<Flight> flight_;
    /// Room of one that has arrived.
    std::optional<Part> spare_;
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
