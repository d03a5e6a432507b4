// Which scope each command needs, as the contract says.
#include "api/ws/command_scopes.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace banter::api::ws {
namespace {

/// By the name of the command, of contract/asyncapi.yaml.
std::map<std::string, std::string> written() {
    const auto root = std::filesystem::path(__FILE__).parent_path() / ".." / ".." / "..";
    std::ifstream file(root / "contract" / "asyncapi.yaml");
    std::map<std::string, std::string> scopes;
    std::string operation;
    for (std::string line; std::getline(file, line);) {
        const bool key = line.starts_with("  ") && line.find_first_not_of(' ') == 2;
        if (key && line.ends_with(":")) operation = line.substr(2, line.size() - 3);
        const std::string scope = "    x-scope: ";
        if (line.starts_with(scope)) scopes[operation] = line.substr(scope.size());
    }
    return scopes;
}

wire::Command read(std::string_view type) {
    const std::string id = R"("01900000-0000-7000-8000-000000000006")";
    const std::map<std::string_view, std::string> rest = {
        {"connect", R"(,"token":"x")"},
        {"auth:refresh", R"(,"token":"x")"},
        {"ping", ""},
        {"presence:set", R"(,"presence":"away")"},
        {"presence:watch", R"(,"userIds":[])"},
        {"read:mark", R"(,"seq":1,"threadId":)" + id},
        {"message:send", R"(,"content":"x","nonce":)" + id + R"(,"threadId":)" + id},
        {"message:edit", R"(,"content":"x","messageId":)" + id},
        {"message:delete", R"(,"messageId":)" + id},
        {"reaction:add", R"(,"emoji":"👍","messageId":)" + id},
        {"reaction:remove", R"(,"emoji":"👍","messageId":)" + id},
    };
    const auto members = rest.find(type);
    std::string text = R"({"type":")" + std::string(type) + '"';
    text += members != rest.end() ? members->second : R"(,"threadId":)" + id;
    text += '}';
    auto request = wire::parse_request(text);
    return std::move(request.command).value();
}

TEST(CommandScopes, are_those_of_the_contract) {
    const auto scopes = written();
    EXPECT_EQ(scopes.size(), wire::command_types().size());
    for (const auto type : wire::command_types()) {
        const auto found = scopes.find(std::string(type));
        ASSERT_NE(found, scopes.end()) << type;
        EXPECT_EQ(wire_name(scope_of(read(type))), found->second) << type;
    }
}

}  // namespace
}  // namespace banter::api::ws
