// The command line of the load generator: MODE and then --name value pairs.

#include "load/options.hpp"

#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

namespace banter::bench {

namespace {

using Setters = std::map<std::string, std::function<void(const std::string&)>>;

std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

Setters setters_of(Options& options) {
    const auto count = [](std::size_t& into) {
        return [&into](const std::string& text) { into = std::stoul(text); };
    };
    return {
        {"--connect", [&](const std::string& text) { options.server = parse_address(text); }},
        {"--tokens", [&](const std::string& text) { options.tokens = lines_of(text); }},
        {"--threads", [&](const std::string& text) { options.threads = lines_of(text); }},
        {"--sessions", count(options.sessions)},
        {"--senders", count(options.senders)},
        {"--in-flight", count(options.in_flight)},
        {"--content-bytes", count(options.content_bytes)},
        {"--memberships", count(options.memberships)},
        {"--opening", count(options.opening_max)},
        {"--warm-up", [&](const std::string& text) { options.warm_up_seconds = std::stod(text); }},
        {"--seconds", [&](const std::string& text) { options.seconds = std::stod(text); }},
        {"--server-pid", [&](const std::string& text) { options.server_pid = std::stoi(text); }},
        {"--dialect", [&](const std::string& text) { options.socketio = text == "socketio"; }},
    };
}

void validate(const Options& options) {
    if (options.mode != "traffic" && options.mode != "idle") {
        throw std::runtime_error("the mode is traffic or idle, not '" + options.mode + "'");
    }
    if (options.server.port == 0) throw std::runtime_error("--connect HOST:PORT is missing");
    if (options.threads.empty()) throw std::runtime_error("--threads FILE is missing or empty");
    if (options.senders > options.sessions) throw std::runtime_error("more senders than sessions");
    if (options.content_bytes < 32) throw std::runtime_error("--content-bytes is at least 32");
    if (options.memberships < 1 || options.memberships > options.threads.size()) {
        throw std::runtime_error("--memberships is 1 to the number of threads");
    }
    if (!options.tokens.empty() && options.tokens.size() < options.sessions) {
        throw std::runtime_error("fewer tokens than sessions");
    }
}

}  // namespace

Options parse_options(int argc, char** argv) {
    Options options;
    if (argc > 1) options.mode = argv[1];
    const Setters setters = setters_of(options);
    for (int i = 2; i < argc; i += 2) {
        const auto setter = setters.find(argv[i]);
        if (setter == setters.end()) throw std::runtime_error(std::string("unknown ") + argv[i]);
        if (i + 1 == argc) throw std::runtime_error(std::string(argv[i]) + " lacks its value");
        setter->second(argv[i + 1]);
    }
    validate(options);
    return options;
}

}  // namespace banter::bench
