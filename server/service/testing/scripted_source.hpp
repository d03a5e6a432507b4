// Bytes as a client sends them, for tests.
#pragma once

#include "service/byte_source.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace banter::service {

/// Gives `bytes` in pieces of `piece_bytes`, and then ends, or fails with `failure`.
class ScriptedSource final : public ByteSource {
public:
    explicit ScriptedSource(
        std::string bytes,
        std::optional<Error> failure = std::nullopt,
        std::size_t piece_bytes = 7'000
    )
        : bytes_(std::move(bytes)), failure_(std::move(failure)), piece_bytes_(piece_bytes) {}

    Task<Result<std::string_view>> next() override {
        const std::string_view piece = std::string_view(bytes_).substr(at_, piece_bytes_);
        at_ += piece.size();
        if (piece.empty() && failure_) co_return *failure_;
        co_return piece;
    }

    [[nodiscard]] std::optional<std::uint64_t> left() const override { return bytes_.size() - at_; }

    /// How many bytes were taken.
    [[nodiscard]] std::size_t taken() const { return at_; }

private:
    std::string bytes_;
    std::optional<Error> failure_;
    std::size_t piece_bytes_;
    std::size_t at_ = 0;
};

}  // namespace banter::service
