// A store that holds one object, on this machine or elsewhere.
#pragma once

#include "storage/object_store.hpp"
#include "storage/vips/spool.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace banter::vips {

class OneObject final : public storage::ObjectStore {
public:
    OneObject(std::string bytes, bool is_local)
        : bytes_(std::move(bytes)),
          is_local_(is_local),
          folder_(std::filesystem::temp_directory_path()),
          spool_(folder_) {
        spool_.append(bytes_);
    }

    Task<std::unique_ptr<storage::ObjectReader>> open(
        storage::ObjectKey /*key*/,
        storage::ByteRange range
    ) override {
        co_return std::make_unique<Reader>(bytes_, range.size);
    }
    Task<std::optional<storage::LocalObject>> open_local(storage::ObjectKey /*key*/) override {
        if (!is_local_) co_return std::nullopt;
        co_return storage::LocalObject{spool_.open_to_read(), bytes_.size()};
    }
    Task<std::optional<std::uint64_t>> size(storage::ObjectKey /*key*/) override {
        co_return bytes_.size();
    }

    // Who only reads doesn't call these.
    Task<std::unique_ptr<storage::ObjectDraft>> begin(storage::ObjectKey, std::uint64_t) override {
        throw std::logic_error("begin");
    }
    Task<> remove(storage::ObjectKey) override { throw std::logic_error("remove"); }
    Task<model::Page<storage::StoredObject>> list(Timestamp, std::optional<std::string>) override {
        throw std::logic_error("list");
    }
    Task<std::size_t> sweep_drafts(Timestamp) override { throw std::logic_error("sweep_drafts"); }

private:
    class Reader final : public storage::ObjectReader {
    public:
        Reader(const std::string& bytes, std::uint64_t size)
            : bytes_(bytes), end_(std::min<std::uint64_t>(size, bytes.size())) {}

        [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
        Task<std::string> next() override {
            constexpr std::uint64_t piece = 10'000;
            const auto size = std::min(piece, end_ - at_);
            std::string chunk =
                bytes_.substr(static_cast<std::size_t>(at_), static_cast<std::size_t>(size));
            at_ += size;
            co_return chunk;
        }

    private:
        const std::string& bytes_;
        std::uint64_t end_;
        std::uint64_t at_ = 0;
    };

    std::string bytes_;
    bool is_local_;
    SpoolFolder folder_;
    Spool spool_;
};

}  // namespace banter::vips
