// What a picture that has taken over a child would try next. Runs in a child that has confined
// itself as for a job.
#pragma once

#include "storage/vips/film.hpp"
#include "storage/vips/job.hpp"
#include "storage/vips/worker.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace banter::vips {

inline constexpr const char* escape_command = "picture-escape";

/// As the system answers: 0 or more for what succeeded.
inline long escape(std::string_view attempt) {
    if (attempt == "nothing") return 0;
    if (attempt == "open") return ::open("/etc/passwd", O_RDONLY);
    if (attempt == "open the picture") return ::open("/proc/self/fd/3", O_WRONLY);
    if (attempt == "create") return ::open("/tmp/escaped", O_WRONLY | O_CREAT, 0600);
    if (attempt == "stat") return ::access("/etc/passwd", F_OK);
    if (attempt == "unlink") return ::unlink("/tmp/nothing");
    if (attempt == "rename") return ::rename("/tmp/nothing", "/tmp/something");
    if (attempt == "kill") return ::kill(::getppid(), 0);
    if (attempt == "limit") {
        const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
        return ::setrlimit(RLIMIT_CPU, &more);
    }
    if (attempt == "undying") return ::prctl(PR_SET_PDEATHSIG, 0);
    if (attempt == "code") {
        void* page = ::mmap(
            nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0
        );
        return page == MAP_FAILED ? -1 : 0;
    }
    if (attempt == "code later") {
        void* page =
            ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
    }
    if (attempt == "ignore the clock") return std::signal(SIGXCPU, SIG_IGN) == SIG_ERR ? -1 : 0;
    if (attempt == "socket") return ::socket(AF_INET, SOCK_STREAM, 0);
    if (attempt == "local socket") return ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (attempt == "execute") return ::execl("/bin/sh", "sh", "-c", "echo escaped >&5", nullptr);
    // As a raw call: the library's own would run what wants to know of forks.
    if (attempt == "fork") return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (attempt == "trace") return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr);
    if (attempt == "write to the picture") return ::write(source_descriptor, "x", 1);
    if (attempt == "memory") {
        const std::size_t much = std::size_t{1} << 40;
        void* pages = ::mmap(
            nullptr,
            much,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            -1,
            0
        );
        return pages == MAP_FAILED ? -1 : 0;
    }
    // The clock is asked, so that the loop has something to do.
    while (attempt == "endless") static_cast<void>(std::clock());
    std::abort();
}

/// As for a job with "pictures", "pages" or "films".
inline bool confine_for(std::string_view subject, std::uint64_t cpu_seconds) {
    WorkerLimits limits;
    limits.cpu_seconds = cpu_seconds;
    if (subject == "pages") return confine_for_pages(limits).has_value();
    if (subject == "pictures") return confine(limits).has_value();
    FilmJob job{.program = "/usr/bin/ffmpeg", .format = "mov", .second = 0, .limits = film_limits};
    job.limits.cpu_seconds = cpu_seconds;
    return confine_for_film(job);
}

/// Answers "escaped", or the number of the error. Killed, it answers nothing.
inline int escape_main(
    std::string_view attempt,
    std::uint64_t cpu_seconds,
    std::string_view subject
) {
    if (!confine_for(subject, cpu_seconds)) return 1;
    const long result = escape(attempt);
    const std::string answer = result >= 0 ? "escaped" : std::to_string(errno);
    return ::write(answer_descriptor, answer.data(), answer.size()) > 0 ? 0 : 1;
}

}  // namespace banter::vips
