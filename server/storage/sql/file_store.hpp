// Files and uploads in SQL.
#pragma once

#include "storage/file_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/upload_store.hpp"

namespace banter::sql {

class SqlFileStore final : public storage::FileStore {
public:
    explicit SqlFileStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<Result<model::File>> add(storage::NewFile file, storage::FileQuota quota)
        override;
    [[nodiscard]] Task<std::optional<storage::FoundFile>> find(
        model::FileId file,
        model::UserId viewer
    ) override;
    [[nodiscard]] Task<storage::FileQuota> used(model::UserId user) override;
    [[nodiscard]] Task<std::vector<model::File>> list_unrendered(std::size_t count_max) override;
    [[nodiscard]] Task<bool> add_variants(
        model::FileId file,
        std::vector<model::FileVariant> variants
    ) override;
    [[nodiscard]] Task<std::vector<storage::DroppedObjects>> drop_unlinked(
        Timestamp before,
        Timestamp now,
        std::size_t count_max
    ) override;
    [[nodiscard]] Task<> forget(model::FileId file) override;
    [[nodiscard]] Task<std::vector<model::ObjectKey>> unknown_among(
        std::vector<model::ObjectKey> objects
    ) override;

private:
    Database& database_;
};

class SqlUploadStore final : public storage::UploadStore {
public:
    explicit SqlUploadStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<Result<model::Upload>> begin(storage::NewUpload upload) override;
    [[nodiscard]] Task<std::optional<model::Upload>> find(
        model::UploadId upload,
        model::UserId user
    ) override;
    [[nodiscard]] Task<Result<model::Upload>> extend(
        model::UploadId upload,
        std::uint64_t offset,
        storage::UploadPart part,
        Timestamp expires_at
    ) override;
    [[nodiscard]] Task<std::vector<storage::UploadPart>> parts(model::UploadId upload) override;
    [[nodiscard]] Task<bool> drop(model::UploadId upload, model::UserId user) override;
    [[nodiscard]] Task<std::vector<storage::DroppedObjects>> drop_expired(
        Timestamp now,
        std::size_t count_max
    ) override;
    [[nodiscard]] Task<> forget(model::UploadId upload) override;
    [[nodiscard]] Task<> forget_parts(model::UploadId upload) override;

private:
    Database& database_;
};

}  // namespace banter::sql
