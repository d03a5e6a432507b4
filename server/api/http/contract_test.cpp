// contract/ and the code list the same routes, commands and error codes, in both directions.
#include "api/http/routes.hpp"
#include "api/wire/commands.hpp"
#include "base/result.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace banter::api::http {
namespace {

std::vector<std::string> lines_of(const char* name) {
    const auto root = std::filesystem::path(__FILE__).parent_path() / ".." / ".." / "..";
    std::ifstream file(root / "contract" / name);
    EXPECT_TRUE(file.is_open()) << name;
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::size_t indentation(const std::string& line) { return line.find_first_not_of(' '); }

/// "  /api/me:" to "/api/me"; empty if the line is no key of this depth.
std::string key_at(const std::string& line, std::size_t depth) {
    if (indentation(line) != depth || line.back() != ':') return {};
    return line.substr(depth, line.size() - depth - 1);
}

/// The lines below the top-level key `name`, up to the next one.
std::vector<std::string> section(const char* file, const std::string& name) {
    std::vector<std::string> lines;
    bool inside = false;
    for (const std::string& line : lines_of(file)) {
        if (!line.empty() && indentation(line) == 0 && line.front() != '#') {
            inside = line == name + ":";
        } else if (inside && !line.empty()) {
            lines.push_back(line);
        }
    }
    EXPECT_FALSE(lines.empty()) << name;
    return lines;
}

TEST(Contract, openapi_and_the_route_table_list_the_same_routes) {
    std::set<std::string> written;
    std::string path;
    for (const std::string& line : section("openapi.yaml", "paths")) {
        if (const auto key = key_at(line, 2); !key.empty()) path = key;
        std::string method = key_at(line, 4);
        if (method.empty()) continue;
        for (char& letter : method) letter = static_cast<char>(std::toupper(letter));
        EXPECT_TRUE(written.insert(method + " " + path).second) << path;
    }
    std::set<std::string> served;
    for (const Route& route : routes()) {
        const auto text = std::string(route.method) + " " + std::string(route.pattern);
        EXPECT_TRUE(served.insert(text).second) << text;
    }
    EXPECT_EQ(written, served);
}

TEST(Contract, openapi_names_the_scope_of_each_route) {
    std::set<std::string> written;
    std::string path;
    std::string method;
    for (const std::string& line : section("openapi.yaml", "paths")) {
        if (const auto key = key_at(line, 2); !key.empty()) path = key;
        if (const auto key = key_at(line, 4); !key.empty()) method = key;
        if (line.starts_with("      x-scope: "))
            written.insert(method + " " + path + line.substr(14));
    }
    std::set<std::string> needed;
    for (const Route& route : routes()) {
        if (!route.scope) continue;
        std::string name(route.method);
        for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
        name += " ";
        name += route.pattern;
        name += " ";
        name += wire_name(*route.scope);
        EXPECT_TRUE(needed.insert(name).second) << name;
    }
    EXPECT_EQ(written, needed);
}

TEST(Contract, openapi_names_the_query_parameters_of_each_route) {
    std::set<std::string> named;
    std::string operation;
    std::string path;
    for (const std::string& line : section("openapi.yaml", "paths")) {
        if (const auto key = key_at(line, 2); !key.empty()) path = key;
        if (const auto key = key_at(line, 4); !key.empty()) operation = key;
        if (operation != "get") continue;
        for (const char* name :
             {"limit",
              "cursor",
              "q",
              "ids",
              "before",
              "after",
              "around",
              "at",
              "name",
              "type",
              "download",
              "expires",
              "signature",
              "returnTo",
              "state",
              "code",
              "error",
              "iss"}) {
            const bool inline_one = line == std::string("        - name: ") + name;
            const bool shared =
                line == std::string("        - {$ref: '#/components/parameters/") + name + "'}";
            if (inline_one || shared) named.insert(path + " " + name);
        }
    }
    std::set<std::string> read;
    for (const Route& route : routes()) {
        for (const auto name : route.query) {
            if (name == any_name) continue;
            read.insert(std::string(route.pattern) + " " + std::string(name));
        }
    }
    EXPECT_EQ(named, read);
}

TEST(Contract, asyncapi_and_the_parser_list_the_same_commands) {
    std::set<std::string> written;
    std::string operation;
    for (const std::string& line : section("asyncapi.yaml", "operations")) {
        if (const auto key = key_at(line, 2); !key.empty()) operation = key;
        if (line == "    action: receive") written.insert(operation);
    }
    const auto types = wire::command_types();
    EXPECT_EQ(written, std::set<std::string>(types.begin(), types.end()));
}

TEST(Contract, openapi_lists_every_error_code) {
    std::set<std::string> written;
    bool inside = false;
    for (const std::string& line : section("openapi.yaml", "components")) {
        if (line == "    ErrorCode:") inside = true;
        if (inside && line == "    Problem:") break;
        if (inside && line.starts_with("        - ")) written.insert(line.substr(10));
    }
    std::set<std::string> known;
    for (int code = 0; code <= static_cast<int>(Errc::storage_full); ++code) {
        known.emplace(wire_name(static_cast<Errc>(code)));
    }
    EXPECT_EQ(written, known);
}

}  // namespace
}  // namespace banter::api::http
