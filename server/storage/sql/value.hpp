// What goes into a statement and what comes out of it: owning values, the same for every driver.
//
// An id is 16 bytes, a time is milliseconds since 1970 as an integer, an enum is its number, never
// text.
#pragma once

#include "base/check.hpp"
#include "base/clock.hpp"
#include "model/id.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace banter::sql {

/// What is no text: hashes, encoded lists.
struct Bytes {
    std::string data;
};

using Value = std::variant<std::monostate, std::int64_t, std::string, model::Uuid, Bytes>;
using Parameters = std::vector<Value>;

inline Value to_value(std::nullopt_t) { return {}; }
inline Value to_value(std::string text) { return text; }
inline Value to_value(std::string_view text) { return std::string(text); }
inline Value to_value(Bytes bytes) { return bytes; }
inline Value to_value(Timestamp time) { return std::int64_t{time.time_since_epoch().count()}; }

template <typename Number>
requires(std::integral<Number> || std::is_enum_v<Number>) Value to_value(Number number) {
    return static_cast<std::int64_t>(number);
}

template <typename Tag>
Value to_value(const model::Id<Tag>& id) {
    return id.uuid;
}

template <std::size_t Size>
Value to_value(const std::array<std::uint8_t, Size>& bytes) {
    return Bytes{std::string(bytes.begin(), bytes.end())};
}

template <typename T>
Value to_value(std::optional<T> value) {
    return value ? to_value(std::move(*value)) : Value{};
}

/// One row of an answer; its columns are read in their order, each once.
class Row {
public:
    explicit Row(std::span<Value> columns) : columns_(columns) {}

    [[nodiscard]] std::int64_t integer() { return std::get<std::int64_t>(next()); }
    [[nodiscard]] std::uint64_t number() { return static_cast<std::uint64_t>(integer()); }
    [[nodiscard]] bool flag() { return integer() != 0; }
    template <typename Enum>
    [[nodiscard]] Enum choice() {
        return static_cast<Enum>(integer());
    }
    [[nodiscard]] std::string text() { return std::move(std::get<std::string>(next())); }
    [[nodiscard]] std::string text_or_empty() { return next_is_null() ? std::string{} : text(); }
    template <typename Id>
    [[nodiscard]] Id id() {
        return Id{std::get<model::Uuid>(next())};
    }
    [[nodiscard]] Timestamp time() { return Timestamp{std::chrono::milliseconds{integer()}}; }
    /// Empty for null. Sixteen bytes come as a Uuid, whatever they mean.
    [[nodiscard]] std::string bytes();
    template <std::size_t Size>
    [[nodiscard]] std::array<std::uint8_t, Size> hash() {
        const std::string data = bytes();
        CHECK(data.size() == Size);
        std::array<std::uint8_t, Size> out;
        std::copy(data.begin(), data.end(), out.begin());
        return out;
    }

    [[nodiscard]] std::optional<Timestamp> optional_time() {
        if (next_is_null()) return std::nullopt;
        return time();
    }
    template <typename Id>
    [[nodiscard]] std::optional<Id> optional_id() {
        if (next_is_null()) return std::nullopt;
        return id<Id>();
    }
    [[nodiscard]] std::optional<std::string> optional_text() {
        if (next_is_null()) return std::nullopt;
        return text();
    }

    /// Steps over the next column if it is null, and says whether it was.
    [[nodiscard]] bool next_is_null() {
        CHECK(at_ < columns_.size());
        if (!std::holds_alternative<std::monostate>(columns_[at_])) return false;
        ++at_;
        return true;
    }
    void skip(std::size_t columns) { at_ += columns; }

private:
    [[nodiscard]] Value& next() {
        CHECK(at_ < columns_.size());
        return columns_[at_++];
    }

    std::span<Value> columns_;
    std::size_t at_ = 0;
};

/// An answer: rows of one width.
class Rows {
public:
    Rows() = default;
    explicit Rows(std::size_t width) : width_(width) {}

    void add(Value value) { values_.push_back(std::move(value)); }

    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] std::size_t size() const { return width_ == 0 ? 0 : values_.size() / width_; }
    [[nodiscard]] Row operator[](std::size_t index) {
        CHECK(index < size());
        return Row(std::span(values_).subspan(index * width_, width_));
    }

private:
    std::size_t width_ = 0;
    std::vector<Value> values_;
};

}  // namespace banter::sql
