#include "app/commands.hpp"

#include "app/application.hpp"
#include "app/issuer_key.hpp"
#include "app/signals.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace banter::app {

namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrong_usage = 2;

void print(const std::string& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

int serve(const Config& config) {
    const StopSignals
        signals;  // before any thread of execution is made, so that all inherit the mask
    Application application(config);
    application.start();
    print(fmt::format(
        "Banter is at {} (data in {})",
        application.address(),
        std::filesystem::absolute(config.data).lexically_normal().string()
    ));
    signals.wait();
    log::info("stopping");
    application.stop();
    return done;
}

int print_tokens(const Invocation& invocation) {
    const service::LocalIssuer issuer = open_issuer(invocation.config.data);
    for (const std::string& token : make_tokens(issuer, invocation, SystemClock().now()))
        print(token);
    return done;
}

int check_config(const Config& config) {
    for (const Option& option : options()) {
        print(fmt::format("{} = {}", option.name, option.show(config)));
    }
    return done;
}

int carry_out(const Invocation& invocation) {
    if (invocation.command == "token") return print_tokens(invocation);
    if (invocation.command == "check-config") return check_config(invocation.config);
    if (invocation.command == "version") {
        print("banter " BANTER_VERSION);
        return done;
    }
    return serve(invocation.config);
}

}  // namespace

int run(const Invocation& invocation) {
    if (invocation.help) {
        print(*invocation.help);
        return done;
    }
    for (const std::string& problem : invocation.problems)
        fmt::print(stderr, "banter: {}\n", problem);
    if (!invocation.problems.empty()) return wrong_usage;
    try {
        return carry_out(invocation);
    } catch (const std::exception& error) {
        fmt::print(stderr, "banter: {}\n", error.what());
        return failed;
    }
}

}  // namespace banter::app
