#include "base/log.hpp"

#include "base/news.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

namespace banter::log {

namespace {

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = spdlog::stderr_logger_mt("banter");
        made->set_pattern("%v");
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (byte < 0x20) {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out += letter;
        }
    }
    out += '"';
}

void append(std::string& out, const Field& field) {
    out += ',';
    append_quoted(out, field.name);
    out += ':';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
        append_quoted(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        out += fmt::format("{}", *number);
    } else if (const auto* real = std::get_if<double>(&field.value)) {
        out += fmt::format("{}", *real);
    } else {
        out += std::get<bool>(field.value) ? "true" : "false";
    }
}

void write(spdlog::level::level_enum level, std::string_view what, Fields fields) {
    if (!logger().should_log(level)) return;
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(now - day);
    const auto name = spdlog::level::to_string_view(level);
    std::string line = fmt::format(
        R"({{"time":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z","level":"{}","what":)",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        time.hours().count(),
        time.minutes().count(),
        time.seconds().count(),
        time.subseconds().count(),
        std::string_view(name.data(), name.size())
    );
    append_quoted(line, what);
    for (const Field& field : fields) append(line, field);
    line += '}';
    logger().log(level, "{}", line);
}

constexpr std::array<std::pair<std::string_view, Level>, 5> level_names{{
    {"debug", Level::debug},
    {"info", Level::info},
    {"warning", Level::warning},
    {"error", Level::error},
    {"off", Level::off},
}};

}  // namespace

void set_level(Level level) {
    switch (level) {
        case Level::debug: return logger().set_level(spdlog::level::debug);
        case Level::info: return logger().set_level(spdlog::level::info);
        case Level::warning: return logger().set_level(spdlog::level::warn);
        case Level::error: return logger().set_level(spdlog::level::err);
        case Level::off: return logger().set_level(spdlog::level::off);
    }
}

bool set_level(std::string_view name) {
    for (const auto& [known, level] : level_names) {
        if (known == name) {
            set_level(level);
            return true;
        }
    }
    return false;
}

void debug(std::string_view what, Fields fields) { write(spdlog::level::debug, what, fields); }
void info(std::string_view what, Fields fields) { write(spdlog::level::info, what, fields); }
void warning(std::string_view what, Fields fields) { write(spdlog::level::warn, what, fields); }
void error(std::string_view what, Fields fields) { write(spdlog::level::err, what, fields); }

namespace {

void say_failure(std::string_view where, const char* why) {
    error("background work failed", {{"where", where}, {"why", std::string_view(why)}});
}

}  // namespace

void failure(std::string_view where, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const StorageFailure& thrown) {
        if (is_news(where, thrown.code())) say_failure(where, thrown.what());
    } catch (const std::exception& thrown) {
        say_failure(where, thrown.what());
    }
}

}  // namespace banter::log
