#include "app/config_doc.hpp"

#include "app/config.hpp"

#include <fmt/format.h>

#include <string_view>

namespace banter::app {

namespace {

constexpr std::string_view head =
    R"(# Configuration

<!-- Written from server/app/options.cpp by tools/config_doc; change it there. -->

Every setting is a flag, a variable of the environment and a line of `banter.toml`, under the same name: `--limit-sends
20`, `BANTER_LIMIT_SENDS=20` and `limit-sends = 20` say the same. A flag wins over the environment, that over the file,
that over the default. `--config FILE` (or `BANTER_CONFIG`) names another file than the `banter.toml` of the working
directory; in it lists are arrays, on the command line they have commas.

`banter check-config` says whether all of it is right, and prints every problem at once. An unknown name is refused with
the nearest known one. The commands (`banter --help`) take the same settings: `banter backup` and `banter token` have to
be given the `data` and `database` of the server.

| setting | value | default | what |
|---|---|---|---|
)";

/// A pipe would end the cell.
std::string cell(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (letter == '|') escaped += '\\';
        escaped += letter;
    }
    return escaped;
}

/// As code, unless there is nothing to show.
std::string code(std::string_view text) {
    return text.empty() ? std::string() : fmt::format("`{}`", cell(text));
}

}  // namespace

std::string config_doc() {
    std::string text(head);
    const Config defaults;
    for (const Option& option : options()) {
        const std::string value = option.show(defaults);
        text += fmt::format(
            "| `{}` | {} | {} | {} |\n",
            option.name,
            code(option.value_name),
            code(value),
            cell(option.help)
        );
    }
    return text;
}

}  // namespace banter::app
