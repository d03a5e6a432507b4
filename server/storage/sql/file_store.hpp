// Files and uploads in SQL.
#pragma once

#include "storage/file_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/upload_store.hpp"

namespace banter::sql {

class SqlFileStore final : public storage::FileStore {
public:
    explicit SqlFileStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<Result<model::File>> add(storage::NewFile file, model::FileQuota quota)
        override;
    [[nodiscard]] Task<std::optional<storage::FoundFile>> find(
        model::FileId file,
        model::UserId viewer
    ) override;
    [[nodiscard]] Task<model::FileUsage> used(model::UserId user) override;
    [[nodiscard]] Task<std::vector<model::File>> list_unrendered(std::size_t count_max) override;
    [[nodiscard]] Task<bool> add_variants(model::FileId file, storage::MadePictures made) override;
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

    [[nodiscard]] Task<Result<model::Upload>> begin(
        storage::NewUpload upload,
        model::FileQuota quota
    ) override;
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
    [[nodiscard]] Task<std::vector<storage::UploadPart>> parts(
        model::UploadId upload,
        std::uint64_t offset
    ) override;
    [[nodiscard]] Task<bool> claim(model::UploadId upload, Timestamp now, Timestamp until) override;
    [[nodiscard]] Task<bool> renew(model::UploadId upload, Timestamp until, Timestamp new_until)
        override;
    [[nodiscard]] Task<bool> drop(model::UploadId upload, model::UserId user) override;
    [[nodiscard]] Task<> refuse(model::UploadId upload) override;
    [[nodiscard]] Task<std::vector<storage::DroppedObjects>> drop_expired(
        Timestamp now,
        std::size_t count_max
    ) override;
    [[nodiscard]] Task<> forget(model::UploadId upload) override;

private:
    Database& database_;
};

}  // namespace banter::sql
