// Writes plain values one after the other, and reads them again: numbers in as few bytes as they
// need, texts and lists behind their length, structures field by field.
#pragma once

#include <boost/pfr.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace banter::nodes {

/// The last value of an enum, for readers to refuse what is above it. Whoever sends an enum says
/// it.
template <typename Enum>
struct LastOf;

class FieldWriter {
public:
    void put(std::unsigned_integral auto number) { put_number(number); }
    void put(bool flag) { put_number(flag ? 1 : 0); }
    void put(std::string_view text) {
        put_number(text.size());
        out_ += text;
    }
    void put(const std::string& text) { put(std::string_view(text)); }
    template <typename Enum>
    requires std::is_enum_v<Enum>
    void put(Enum choice) { put_number(static_cast<std::underlying_type_t<Enum>>(choice)); }
    template <typename Period>
    void put(std::chrono::duration<std::int64_t, Period> time) {
        put_signed(time.count());
    }
    template <typename Clock, typename Duration>
    void put(std::chrono::time_point<Clock, Duration> time) {
        put(time.time_since_epoch());
    }
    template <std::size_t Size>
    void put(const std::array<std::uint8_t, Size>& bytes) {
        out_.append(bytes.begin(), bytes.end());
    }
    template <typename T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <typename T>
    void put(const std::vector<T>& list) {
        put_number(list.size());
        for (const T& each : list) put(each);
    }
    template <typename... Kinds>
    void put(const std::variant<Kinds...>& one) {
        put_number(one.index());
        std::visit([this](const auto& held) { this->put(held); }, one);
    }
    template <typename Struct>
    requires std::is_aggregate_v<Struct>
    void put(const Struct& fields) {
        boost::pfr::for_each_field(fields, [this](const auto& field) { this->put(field); });
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void put_number(std::uint64_t number) {
        for (; number >= 0x80; number >>= 7) out_ += static_cast<char>(0x80 | (number & 0x7f));
        out_ += static_cast<char>(number);
    }
    /// Small ones of both signs in few bytes.
    void put_signed(std::int64_t number) {
        const auto sign = static_cast<std::uint64_t>(number >> 63);
        put_number((static_cast<std::uint64_t>(number) << 1) ^ sign);
    }

    std::string out_;
};

/// After the first value that isn't there or isn't one, all that is read is empty.
class FieldReader {
public:
    explicit FieldReader(std::string_view bytes) : left_(bytes) {}

    /// Whether all was there, and nothing more.
    [[nodiscard]] bool ended_well() const { return good_ && left_.empty(); }

    template <std::unsigned_integral Number>
    void get(Number& number) {
        const std::uint64_t read = number_up_to(std::numeric_limits<Number>::max());
        number = static_cast<Number>(read);
    }
    void get(bool& flag) { flag = number_up_to(1) != 0; }
    void get(std::string& text) { text = take(number_up_to(left_.size())); }
    template <typename Enum>
    requires std::is_enum_v<Enum>
    void get(Enum& choice) {
        const auto most = static_cast<std::underlying_type_t<Enum>>(LastOf<Enum>::value);
        choice = static_cast<Enum>(number_up_to(most));
    }
    template <typename Period>
    void get(std::chrono::duration<std::int64_t, Period>& time) {
        time = std::chrono::duration<std::int64_t, Period>(signed_number());
    }
    template <typename Clock, typename Duration>
    void get(std::chrono::time_point<Clock, Duration>& time) {
        Duration since{};
        get(since);
        time = std::chrono::time_point<Clock, Duration>(since);
    }
    template <std::size_t Size>
    void get(std::array<std::uint8_t, Size>& bytes) {
        const std::string_view read = take(Size);
        if (good_) std::copy(read.begin(), read.end(), bytes.begin());
    }
    template <typename T>
    void get(std::optional<T>& value) {
        value.reset();
        bool there = false;
        get(there);
        if (there) get(value.emplace());
    }
    template <typename T>
    void get(std::vector<T>& list) {
        // Each takes a byte at least, so nobody makes us reserve more than came.
        list.resize(number_up_to(left_.size()));
        for (T& each : list) get(each);
    }
    template <typename... Kinds>
    void get(std::variant<Kinds...>& one) {
        std::size_t index = number_up_to(sizeof...(Kinds) - 1);
        const auto try_kind = [&]<typename Kind>() {
            if (index-- == 0) get(one.template emplace<Kind>());
        };
        (try_kind.template operator()<Kinds>(), ...);
    }
    template <typename Struct>
    requires std::is_aggregate_v<Struct>
    void get(Struct& fields) {
        boost::pfr::for_each_field(fields, [this](auto& field) { this->get(field); });
    }

private:
    std::uint64_t number_up_to(std::uint64_t most) {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
            const auto byte = static_cast<std::uint8_t>(take(1).front());
            const std::uint64_t bits = byte & 0x7f;
            if (shift == 63 && bits > 1) break;
            number |= bits << shift;
            if ((byte & 0x80) == 0 && number <= most) return number;
            if ((byte & 0x80) == 0) break;
        }
        fail();
        return 0;
    }
    std::int64_t signed_number() {
        const std::uint64_t number = number_up_to(std::numeric_limits<std::uint64_t>::max());
        return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
    }
    std::string_view take(std::size_t count) {
        if (count > left_.size()) {
            fail();
            return {};
        }
        const std::string_view taken = left_.substr(0, count);
        left_.remove_prefix(count);
        return taken;
    }
    void fail() {
        good_ = false;
        left_ = {};
    }

    std::string_view left_;
    bool good_ = true;
};

}  // namespace banter::nodes
