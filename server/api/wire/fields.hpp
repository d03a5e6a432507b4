// The members of an object that a client sent, asked for by name and form. The first trouble is
// kept; a member that nobody asked for is one too.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::wire {

/// Integers on the wire are exact in JavaScript.
inline constexpr std::uint64_t integer_max = std::uint64_t{1} << 53;

/// Ask for every member first, then for `trouble`; what was wrong or absent reads as empty or zero
/// until then. `null` is not the same as absent, and is refused like any other wrong type.
class Fields {
public:
    explicit Fields(const boost::json::object& object) : object_(object) {}

    /// A member that was read elsewhere.
    void skip(std::string_view name) { static_cast<void>(find(name)); }

    [[nodiscard]] std::string text(std::string_view name);
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view name);

    /// Absent is nothing; null is nothing inside.
    [[nodiscard]] std::optional<std::optional<std::string>> nullable_text(std::string_view name);
    /// Absent is nothing; null is a null pointer.
    [[nodiscard]] std::optional<const boost::json::object*> nullable_object(std::string_view name);
    [[nodiscard]] std::optional<bool> optional_flag(std::string_view name);

    template <typename Id>
    [[nodiscard]] Id id(std::string_view name) {
        return Id{uuid(name, required(name)).value_or(model::Uuid{})};
    }

    template <typename Id>
    [[nodiscard]] std::optional<Id> optional_id(std::string_view name) {
        const auto found = uuid(name, find(name));
        return found ? std::optional(Id{*found}) : std::nullopt;
    }

    /// RFC 3339, with an offset.
    [[nodiscard]] std::optional<Timestamp> optional_time(std::string_view name);

    /// 0 to integer_max.
    [[nodiscard]] std::uint64_t integer(std::string_view name);
    [[nodiscard]] std::optional<std::uint64_t> optional_integer(std::string_view name);

    /// Absent and null are the same: no time.
    [[nodiscard]] std::optional<Timestamp> nullable_time(std::string_view name);
    /// Null if it is absent, or no object.
    [[nodiscard]] const boost::json::object* optional_object(std::string_view name);

    /// UUIDs, at most `count_max`: more is too_large.
    [[nodiscard]] std::vector<model::Uuid> uuids(std::string_view name, std::size_t count_max) {
        return uuids_of(name, required(name), count_max);
    }
    /// Absent is empty.
    [[nodiscard]] std::vector<model::Uuid> optional_uuids(
        std::string_view name,
        std::size_t count_max
    ) {
        return uuids_of(name, find(name), count_max);
    }

    /// A list of strings, at most `count_max`: more is too_large.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name, std::size_t count_max);

    /// Adds a trouble of the caller's, unless there is one already.
    void refuse(Errc code, std::string detail);

    /// bad_request: a word that is none of those that may stand there.
    void refuse_word(std::string_view name);

    [[nodiscard]] bool has(std::string_view name) const { return object_.contains(name); }

    /// An unknown member first, since a misspelt one is also a missing one.
    [[nodiscard]] std::optional<Error> trouble() const;

private:
    [[nodiscard]] const boost::json::value* find(std::string_view name);
    [[nodiscard]] const boost::json::value* required(std::string_view name);
    [[nodiscard]] std::string text_of(std::string_view name, const boost::json::value& value);
    [[nodiscard]] std::uint64_t integer_of(std::string_view name, const boost::json::value& value);
    [[nodiscard]] std::optional<model::Uuid> uuid(
        std::string_view name,
        const boost::json::value* value
    );
    /// Null if it is absent, no list, or longer.
    [[nodiscard]] const boost::json::array* list_of(
        std::string_view name,
        const boost::json::value* value,
        std::size_t count_max
    );
    [[nodiscard]] std::vector<model::Uuid> uuids_of(
        std::string_view name,
        const boost::json::value* value,
        std::size_t count_max
    );

    const boost::json::object& object_;
    std::vector<std::string_view> asked_;
    std::optional<Error> trouble_;
};

}  // namespace banter::api::wire
