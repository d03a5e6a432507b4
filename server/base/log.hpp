// One JSON object per line on standard error. Never a token, a password or what people wrote.
#pragma once

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace banter::log {

enum class Level { debug, info, warning, error, off };

/// A named value of a line.
struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;
};

using Fields = std::initializer_list<Field>;

void set_level(Level level);
/// Nothing for a name that is no level.
[[nodiscard]] bool set_level(std::string_view name);

void debug(std::string_view what, Fields fields = {});
void info(std::string_view what, Fields fields = {});
void warning(std::string_view what, Fields fields = {});
void error(std::string_view what, Fields fields = {});

/// Logs what escaped from background work as an error; that a part is away, once a minute.
void failure(std::string_view where, const std::exception_ptr& failure);

}  // namespace banter::log
