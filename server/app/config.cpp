// Flags win over environment variables, these over banter.toml, that over the defaults.
#include "app/config.hpp"

#include "app/option_values.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <set>

namespace banter::app {

namespace {

using Values = std::map<std::string, std::string>;

constexpr std::string_view environment_prefix = "BANTER_";

/// As many as `banter token` makes at once; a bench with a million sessions asks for so many.
constexpr std::size_t tokens_max = 10'000'000;

std::vector<std::string> option_names() {
    std::vector<std::string> names;
    for (const Option& option : options()) names.emplace_back(option.name);
    return names;
}

std::string environment_name(std::string_view option) {
    std::string name(environment_prefix);
    for (const char letter : option) {
        name += letter == '-'
                    ? '_'
                    : static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 32 : letter);
    }
    return name;
}

std::string unknown(
    std::string_view what,
    const std::string& name,
    const std::vector<std::string>& known
) {
    const std::string near = nearest(name, known);
    if (near.empty()) return fmt::format("unknown {} {}", what, name);
    return fmt::format("unknown {} {}; did you mean {}?", what, name, near);
}

/// What another place than the command line says.
///
/// place  how the setting is called there, for who reads what is wrong
void take(
    const std::string& option,
    const std::string& place,
    std::string value,
    Values& values,
    std::vector<std::string>& problems
) {
    const auto& all = options();
    const auto found = std::find_if(all.begin(), all.end(), [&option](const Option& one) {
        return one.name == option;
    });
    if (found != all.end() && found->only_flag) {
        problems.push_back(
            fmt::format("{} counts for one start: give it as --{} instead", place, option)
        );
    } else {
        values.emplace(option, std::move(value));
    }
}

/// Fills in `values` what is not there yet.
void read_environment(
    const std::vector<std::string>& environment,
    Values& values,
    std::vector<std::string>& problems
) {
    std::map<std::string, std::string> options_by_variable{{"BANTER_CONFIG", "config"}};
    for (const std::string& option : option_names())
        options_by_variable[environment_name(option)] = option;
    std::vector<std::string> known;
    for (const auto& [variable, option] : options_by_variable) known.push_back(variable);
    for (const std::string& entry : environment) {
        if (!entry.starts_with(environment_prefix)) continue;
        const std::string variable = entry.substr(0, entry.find('='));
        const auto option = options_by_variable.find(variable);
        if (option == options_by_variable.end()) {
            problems.push_back(unknown("environment variable", variable, known));
        } else {
            take(option->second, variable, entry.substr(variable.size() + 1), values, problems);
        }
    }
}

char separator_of(std::string_view name) {
    const auto& all = options();
    const auto found = std::ranges::find(all, name, &Option::name);
    return found != all.end() && found->separator != 0 ? found->separator : ',';
}

std::string text_of(const toml::node& node, char separator) {
    if (const auto* array = node.as_array()) {
        std::string list;
        for (const toml::node& element : *array) {
            if (!list.empty()) list += separator;
            list += text_of(element, separator);
        }
        return list;
    }
    if (const auto text = node.value<std::string>()) return *text;
    if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    return {};
}

void read_file(const std::string& path, Values& values, std::vector<std::string>& problems) {
    try {
        const toml::table table = toml::parse_file(path);
        const std::vector<std::string> known = option_names();
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                problems.push_back(fmt::format("{}: {}", path, unknown("setting", name, known)));
            } else {
                take(
                    name,
                    fmt::format("{}: {}", path, name),
                    text_of(node, separator_of(name)),
                    values,
                    problems
                );
            }
        }
    } catch (const toml::parse_error& error) {
        problems.push_back(
            fmt::format("{}, line {}: {}", path, error.source().begin.line, error.description())
        );
    }
}

void apply(const Values& values, Config& config, std::vector<std::string>& problems) {
    for (const Option& option : options()) {
        const auto value = values.find(std::string(option.name));
        if (value == values.end()) continue;
        const std::string trouble = option.set(config, value->second);
        if (!trouble.empty()) problems.push_back(fmt::format("{} {}", option.name, trouble));
    }
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string& candidate : known) {
        // Levenshtein's distance, a row at a time.
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t i = 0; i < name.size(); ++i) {
            std::size_t diagonal = row[0]++;
            for (std::size_t j = 0; j < candidate.size(); ++j) {
                const std::size_t replaced = diagonal + (name[i] == candidate[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0 || number > 1'000'000'000) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit.empty() || unit == "s") return std::chrono::seconds(number);
    if (unit == "m") return std::chrono::minutes(number);
    if (unit == "h") return std::chrono::hours(number);
    if (unit == "d") return std::chrono::days(number);
    return std::nullopt;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    constexpr std::string_view units = "KMGT";
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit.empty()) return number;
    const std::size_t power = units.find(unit.front());
    if (unit.size() != 1 || power == std::string_view::npos) return std::nullopt;
    const auto shift = static_cast<unsigned>(10 * (power + 1));
    if (number > (std::uint64_t{1} << 62) >> shift) return std::nullopt;
    return number << shift;
}

Invocation parse_invocation(
    const std::vector<std::string>& arguments,
    const std::vector<std::string>& environment
) {
    Invocation invocation;
    CLI::App program("Banter: a whole chat server in one program", "banter");
    program.fallthrough();
    program.allow_extras();
    Values values;
    std::map<std::string, CLI::Option*> flags;
    std::map<std::string, std::string> given;
    for (const Option& option : options()) {
        const std::string name(option.name);
        flags[name] = program.add_option("--" + name, given[name], std::string(option.help))
                          ->type_name(std::string(option.value_name));
        if (option.separator != 0) flags[name]->join(option.separator);
        if (option.value_name.empty()) flags[name]->expected(0, 1)->default_str("true");
    }
    flags["config"] = program
                          .add_option(
                              "--config",
                              given["config"],
                              "a file of these settings; without it banter.toml, if there is one"
                          )
                          ->type_name("FILE");
    std::string ttl = "1h";
    program.add_subcommand("serve", "run the server (the default)")->allow_extras();
    CLI::App* const token =
        program.add_subcommand("token", "make tokens of the local issuer, one a line");
    token->allow_extras();
    token->add_option("--subject", invocation.subject, "the handle of the user")->required();
    token->add_option("--count", invocation.count, "make N tokens, for NAME0 to NAME(N-1)")
        ->check(CLI::Range(std::size_t{1}, tokens_max));
    token->add_option("--ttl", ttl, "how long they live, such as 15m, 1h, 30d");
    CLI::App* const backup =
        program.add_subcommand("backup", "put the data into one file, also while a server runs");
    CLI::App* const restore =
        program.add_subcommand("restore", "fill a new data directory from a backup");
    for (CLI::App* const command : {backup, restore}) {
        command->allow_extras();
        command->add_option("FILE", invocation.file, "the backup")->required();
    }
    program
        .add_subcommand("new-epoch", "have clients fetch everything anew, after a change by hand")
        ->allow_extras();
    program.add_subcommand("check-config", "say whether the configuration is right")
        ->allow_extras();
    program.add_subcommand("version", "print the version")->allow_extras();
    // For whoever works on Banter: not in the help.
    program.add_subcommand("config-doc", "print docs/configuration.md")->group("");
    program.require_subcommand(0, 1);
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        program.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        invocation.help = program.help("", CLI::AppFormatMode::All);
        return invocation;
    } catch (const CLI::ParseError& error) {
        invocation.problems.emplace_back(error.what());
        return invocation;
    }
    if (!program.get_subcommands().empty())
        invocation.command = program.get_subcommands().front()->get_name();
    std::vector<std::string> known;
    for (const auto& [name, flag] : flags) known.push_back("--" + name);
    for (const std::string& extra : program.remaining(true)) {
        const bool flag = extra.starts_with("-");
        const std::string name = extra.substr(0, extra.find('='));
        static const std::vector<std::string> commands{
            "serve", "token", "backup", "restore", "new-epoch", "check-config", "version"};
        invocation.problems.push_back(
            flag ? unknown("flag", name, known) : unknown("command", name, commands)
        );
    }
    for (const auto& [name, flag] : flags) {
        if (flag->count() > 0) values[name] = given[name];
    }
    read_environment(environment, values, invocation.problems);
    if (const auto file = values.find("config"); file != values.end()) {
        read_file(file->second, values, invocation.problems);
    } else if (std::error_code unseen; std::filesystem::exists("banter.toml", unseen)) {
        read_file("banter.toml", values, invocation.problems);
    }
    apply(values, invocation.config, invocation.problems);
    if (const auto duration = parse_duration(ttl); duration && duration->count() > 0) {
        invocation.ttl = *duration;
    } else {
        invocation.problems.emplace_back("--ttl has to be a duration such as 15m, 1h or 30d");
    }
    return invocation;
}

bool Config::database_on_server() const { return is_postgres_url(database); }

std::filesystem::path Config::database_path() const {
    if (database.empty()) return data / "banter.db";
    return database.substr(std::string_view("sqlite:").size());
}

std::optional<std::filesystem::path> Config::files_path() const {
    if (files.empty()) return data / "files";
    constexpr std::string_view disk = "disk:";
    if (files.starts_with(disk)) return files.substr(disk.size());
    return std::nullopt;
}

bool Config::loopback_only() const {
    if (!trusted_proxies.empty() || !is_loopback(host_of(listen))) return false;
    return public_url.empty() || is_loopback(host_of(public_url));
}

}  // namespace banter::app
