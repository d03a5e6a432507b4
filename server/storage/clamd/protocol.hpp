// What is said to clamd, and what it answers: clamd(8). Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace banter::clamd {

/// Commands that begin with a z end with a NUL, and so do the answers to them.
inline constexpr std::string_view ping_command{"zPING\0", 6};
inline constexpr std::string_view scan_command{"zINSTREAM\0", 10};

/// The names of findings have some ten to fifty bytes.
inline constexpr std::size_t answer_bytes_max = 1'024;

/// What stands before each chunk of a file: its size, below 4 GiB. One of no bytes is the end.
[[nodiscard]] std::array<char, 4> chunk_head(std::size_t bytes);

struct Finding {
    enum class Kind {
        clean,
        /// text: what was found, in printable ASCII.
        found,
        /// Nobody knows. text: for the log, with what an operator can change.
        trouble
    };

    Kind kind = Kind::trouble;
    std::string text;
};

/// answer: without its NUL. Whatever isn't surely "clean" or "found" is trouble.
[[nodiscard]] Finding parse_finding(std::string_view answer);

/// An answer that was not hoped for, for the log.
[[nodiscard]] std::string explain(std::string_view answer);

}  // namespace banter::clamd
