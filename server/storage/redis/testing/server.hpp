// A real server of the tests, on this machine: told things, frozen, killed and started again.
#pragma once

#include "base/testing/run.hpp"
#include "storage/redis/connection.hpp"

#include <gtest/gtest.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace banter::redis {

class TestServer {
public:
    /// options  with the user and password of somebody who may do everything
    TestServer(RedisOptions options, Place place)
        : options_(std::move(options)), place_(std::move(place)) {}
    /// It is as it was for the tests that come, also when this one has failed.
    ~TestServer() {
        if (frozen_) signal(SIGCONT);
        if (!killed_) return;
        try {
            start();
        } catch (const std::exception& failure) {
            ADD_FAILURE() << name_of(place_) << " stays away: " << failure.what();
        }
    }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    [[nodiscard]] const Place& place() const { return place_; }

    Reply tell(std::initializer_list<std::string_view> words) const {
        asio::io_context loop{1};
        Offload resolving{1, 1};
        const Times times{std::chrono::seconds(10), std::chrono::seconds(10)};
        Connection connection(loop.get_executor(), {options_, resolving, times});
        testing::run(loop, connection.open_sentinel(place_));
        std::string command;
        append_command(command, words);
        return testing::run(loop, connection.exchange(std::move(command), 1)).at(0);
    }

    /// A line of INFO or CLUSTER INFO.
    std::string field(std::initializer_list<std::string_view> words, const std::string& name)
        const {
        const std::string text = tell(words).text;
        const std::size_t at = text.find(name + ":");
        if (at == std::string::npos) throw std::runtime_error(name + " is not in:\n" + text);
        const std::size_t begin = at + name.size() + 1;
        return text.substr(begin, text.find('\r', begin) - begin);
    }

    [[nodiscard]] std::string id() const { return tell({"CLUSTER", "MYID"}).text; }

    /// Before something is looked at again.
    static void pause() {
        asio::io_context loop{1};
        Timer pause(loop, std::chrono::milliseconds(20));
        testing::run(loop, pause.async_wait(use_task));
    }

    /// Asks until it answers so.
    void until(
        std::initializer_list<std::string_view> words,
        const std::function<bool(const Reply&)>& is_so
    ) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (;;) {
            try {
                if (is_so(tell(words))) return;
            } catch (const RedisLost&) {}
            if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain");
            pause();
        }
    }

    /// It stays there, and does nothing.
    void freeze() {
        pid_ = pid();
        frozen_ = true;
        signal(SIGSTOP);
    }
    void thaw() {
        frozen_ = false;
        signal(SIGCONT);
    }

    void kill() {
        pid_ = pid();
        conf_ = field({"INFO", "server"}, "config_file");
        killed_ = true;
        signal(SIGKILL);
    }
    /// After kill(). It ends when this program does.
    void start() {
        killed_ = false;
        const std::string command =
            "exec setpriv --pdeathsig KILL redis-server " + conf_ + " >/dev/null";
        std::array<std::string, 3> words = {"sh", "-c", command};
        std::array<char*, 4> arguments = {
            words[0].data(), words[1].data(), words[2].data(), nullptr};
        int started = 0;
        if (::posix_spawnp(&started, "sh", nullptr, nullptr, arguments.data(), environ) != 0) {
            throw std::runtime_error("redis-server does not start");
        }
        until({"PING"}, [](const Reply& reply) { return reply.text == "PONG"; });
    }

private:
    [[nodiscard]] int pid() const { return std::stoi(field({"INFO", "server"}, "process_id")); }
    void signal(int number) const { ::kill(pid_, number); }

    RedisOptions options_;
    Place place_;
    std::string conf_;
    int pid_ = 0;
    bool frozen_ = false;
    bool killed_ = false;
};

}  // namespace banter::redis
