// JSON from clients, read by rules that leave no room for two readings: no member twice, no U+0000,
// no half of a surrogate pair, at most 32 levels. The text's bytes have to be well-formed UTF-8.
#pragma once

#include "base/result.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace banter::api::wire {

/// A JSON text, read. Lives where it was made: what it holds lies in a buffer of its own.
class Json {
public:
    explicit Json(std::string_view text);
    Json(const Json&) = delete;
    Json& operator=(const Json&) = delete;

    /// Null if the text is no JSON, or no object.
    [[nodiscard]] const boost::json::object* object() const {
        return value_ ? value_->if_object() : nullptr;
    }
    /// Null if the text is no JSON, or no array.
    [[nodiscard]] const boost::json::array* array() const {
        return value_ ? value_->if_array() : nullptr;
    }
    /// Why the text is refused, as bad_request; an object may have been read all the same, so that
    /// its `id` is known to the answer.
    [[nodiscard]] const std::optional<Error>& refused() const { return refused_; }

private:
    [[nodiscard]] bool read(std::string_view text);

    // Enough for what clients usually send; what is longer goes on in the heap.
    static constexpr std::size_t room_bytes = 4096;
    std::array<unsigned char, room_bytes> room_;
    boost::json::monotonic_resource memory_;
    std::optional<boost::json::value> value_;
    std::optional<Error> refused_;
};

}  // namespace banter::api::wire
