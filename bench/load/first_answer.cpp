// The time from starting a process to its first answered request (S9).
// Usage: bench_first_answer [--bearer TOKEN] PATH COMMAND ARGUMENT…, where {port} in an argument
// becomes a free port. Prints {"ms":…,"pid":…}, leaves the process running until standard input
// ends, then sends SIGTERM.

#include "load/process.hpp"

#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace {

constexpr std::uint64_t patience_ns = 30'000'000'000;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// A port that was free a moment ago.
std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, generic, length) < 0 || ::getsockname(fd, generic, &length) < 0) {
        throw std::runtime_error("no free port");
    }
    ::close(fd);
    return ntohs(address.sin_port);
}

/// Asks once; true if the answer is a 200.
bool answers(std::uint16_t port, const std::string& request) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    char answer[512];
    ssize_t got = -1;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
        got = ::recv(fd, answer, sizeof answer, 0);
    }
    ::close(fd);
    return got > 12 && std::string(answer, 12) == "HTTP/1.1 200";
}

pid_t spawn(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
    // What the server prints must not mix with the result.
    ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    pid_t pid = 0;
    if (::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
        throw std::runtime_error("cannot start " + command[0]);
    }
    ::posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/// Milliseconds from the start until the first 200.
double measure(
    const std::vector<std::string>& command,
    const std::string& request,
    std::uint16_t port,
    pid_t& pid
) {
    const std::uint64_t from = banter::bench::now_ns();
    pid = spawn(command);
    while (!answers(port, request)) {
        if (banter::bench::now_ns() - from > patience_ns || ::waitpid(pid, nullptr, WNOHANG) != 0) {
            throw std::runtime_error("it never answered");
        }
        ::usleep(200);
    }
    return static_cast<double>(banter::bench::now_ns() - from) / 1e6;
}

struct Task {
    std::string token;  // empty: none
    std::string path;
    std::vector<std::string> command;
};

Task task_of(std::vector<std::string> words, std::uint16_t port) {
    Task task;
    if (words.size() > 2 && words[0] == "--bearer") {
        task.token = words[1];
        words.erase(words.begin(), words.begin() + 2);
    }
    if (words.size() < 2) {
        throw std::runtime_error("usage: bench_first_answer [--bearer TOKEN] PATH COMMAND ...");
    }
    task.path = words[0];
    task.command.assign(words.begin() + 1, words.end());
    for (auto& word : task.command) {
        const auto at = word.find("{port}");
        if (at != std::string::npos) word.replace(at, 6, std::to_string(port));
    }
    return task;
}

std::string request_of(const Task& task, std::uint16_t port) {
    std::string request = "GET " + task.path +
                          " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                          "\r\nConnection: close\r\n";
    if (!task.token.empty()) request += "Authorization: Bearer " + task.token + "\r\n";
    return request + "\r\n";
}

}  // namespace

int main(int argc, char** argv) try {
    const std::uint16_t port = free_port();
    const Task task = task_of({argv + 1, argv + argc}, port);
    pid_t pid = 0;
    const double ms = measure(task.command, request_of(task, port), port, pid);
    std::printf("{\"ms\":%.2f,\"pid\":%d}\n", ms, static_cast<int>(pid));
    std::fflush(stdout);
    char ignored[64];
    while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {}
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);

} catch (const std::exception& trouble) {
    std::fprintf(stderr, "bench_first_answer: %s\n", trouble.what());
    return 1;
}
