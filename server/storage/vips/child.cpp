#include "storage/vips/child.hpp"

#include "base/system_call.hpp"
#include "storage/vips/job.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace banter::vips {

namespace {

/// As poll(2) says it.
constexpr std::chrono::milliseconds forever{-1};

/// Throws what a call of the posix_spawn family returned, unless it is none.
void require(int code) {
    if (code == 0) return;
    errno = code;
    throw_failure("starting a process for a picture");
}

/// A copy above those that a child gets, so that none is overwritten before it was handed over.
Descriptor above_inherited(int descriptor) {
    constexpr int lowest = 16;
    Descriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, lowest));
    if (!copy) throw_failure("copying a descriptor");
    return copy;
}

/// What a child begins with: the descriptors of job.hpp and none else, `/`, default signals.
class Beginning {
public:
    Beginning() {
        require(::posix_spawn_file_actions_init(&actions_));
        require(::posix_spawnattr_init(&attributes_));
        sigset_t signals;
        ::sigemptyset(&signals);
        require(::posix_spawnattr_setsigmask(&attributes_, &signals));
        ::sigfillset(&signals);
        require(::posix_spawnattr_setsigdefault(&attributes_, &signals));
        require(
            ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        );
        for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) silence(standard);
        require(::posix_spawn_file_actions_addchdir_np(&actions_, "/"));
    }
    ~Beginning() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Beginning(const Beginning&) = delete;
    Beginning& operator=(const Beginning&) = delete;

    void give(const Descriptor& descriptor, int place) {
        require(::posix_spawn_file_actions_adddup2(&actions_, *descriptor, place));
    }
    void silence(int place) {
        require(::posix_spawn_file_actions_addopen(&actions_, place, "/dev/null", O_RDWR, 0));
    }
    pid_t start(const std::vector<std::string>& command) {
        require(::posix_spawn_file_actions_addclosefrom_np(&actions_, answer_descriptor + 1));
        std::vector<std::string> words = command;
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        std::vector<std::string> variables(worker_environment.begin(), worker_environment.end());
        std::vector<char*> environment;
        for (std::string& variable : variables) environment.push_back(variable.data());
        environment.push_back(nullptr);
        pid_t process = 0;
        require(::posix_spawn(
            &process,
            command.front().c_str(),
            &actions_,
            &attributes_,
            arguments.data(),
            environment.data()
        ));
        return process;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

/// Everything that was written and the writer closed, or as much as an answer may have and a bit.
std::string read_answer(int pipe) {
    std::array<char, answer_bytes_max + 1> bytes{};
    const ssize_t size = retried([&] { return ::read(pipe, bytes.data(), bytes.size()); });
    return {bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// Signals that a process brings upon itself; a limit on its time sends SIGXCPU before it kills.
bool is_own_fault(int signal) {
    constexpr std::array own{
        SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ};
    return std::find(own.begin(), own.end(), signal) != own.end();
}

End end_of(const siginfo_t& how) {
    if (how.si_code == CLD_EXITED) return how.si_status == 0 ? End::peaceful : End::failed;
    return is_own_fault(how.si_status) ? End::failed : End::killed;
}

}  // namespace

Child Child::start(const std::vector<std::string>& command, ChildFiles files) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw_failure("making a pipe");
    Descriptor answer(ends[0]);
    const Descriptor writing(ends[1]);
    const Descriptor inherited_writing = above_inherited(*writing);
    Beginning beginning;
    std::array<Descriptor, 2> copies;
    const std::array wanted{
        std::pair(files.source, source_descriptor), std::pair(files.target, target_descriptor)};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto [descriptor, place] = wanted[i];
        if (descriptor < 0) {
            beginning.silence(place);
        } else {
            copies[i] = above_inherited(descriptor);
            beginning.give(copies[i], place);
        }
    }
    beginning.give(inherited_writing, answer_descriptor);
    const pid_t process = beginning.start(command);
    Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!handle) {
        const int code = errno;
        ::kill(process, SIGKILL);
        retried([&] { return ::waitpid(process, nullptr, 0); });
        errno = code;
        throw_failure("watching a process");
    }
    return Child(std::move(handle), std::move(answer));
}

bool Child::wait(std::chrono::milliseconds timeout) const {
    pollfd ended{.fd = *process_, .events = POLLIN, .revents = 0};
    return retried([&] { return ::poll(&ended, 1, static_cast<int>(timeout.count())); }) != 0;
}

void Child::kill() const {
    if (process_) ::syscall(SYS_pidfd_send_signal, *process_, SIGKILL, nullptr, 0);
}

Ended Child::finish() {
    if (!process_) return {};
    kill();
    // Asio makes the descriptor non-blocking for all who share it, and waitid with it.
    static_cast<void>(wait(forever));
    siginfo_t how{};
    const auto process = static_cast<id_t>(*process_);
    const int waited = retried([&] { return ::waitid(P_PIDFD, process, &how, WEXITED); });
    process_.close();
    if (waited != 0) return {};
    Ended ended{.end = end_of(how), .answer = {}};
    if (ended.end == End::peaceful) ended.answer = read_answer(*answer_);
    return ended;
}

}  // namespace banter::vips
