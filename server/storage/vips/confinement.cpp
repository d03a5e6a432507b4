#include "storage/vips/confinement.hpp"

#include "base/descriptor.hpp"
#include "model/limits.hpp"
#include "storage/vips/system_calls.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <optional>
#include <string_view>

namespace banter::vips {

namespace {

/// Behind the server, whose users wait for their messages.
constexpr int nice_level = 10;
/// Enough to open libraries with.
constexpr rlim_t open_files_max = 64;

/// Where the operator has set a lower limit, that holds. What warns before it kills does so `slack`
/// earlier.
bool limit(__rlimit_resource resource, rlim_t value, rlim_t slack = 0) {
    rlimit both{};
    if (::getrlimit(resource, &both) != 0) return false;
    both.rlim_max = std::min(both.rlim_max, value + slack);
    both.rlim_cur = std::min(both.rlim_max, value);
    return ::setrlimit(resource, &both) == 0;
}

/// Who asked went away before this process could ask to die with it.
bool is_orphan() {
    pollfd answer{.fd = answer_descriptor, .events = 0, .revents = 0};
    return ::poll(&answer, 1, 0) == 1 && (answer.revents & POLLERR) != 0;
}

/// Where memory runs out, this process goes and not the server. That it can't be written is fine.
void be_killed_first() {
    const Descriptor file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    if (file) static_cast<void>(::write(*file, "1000", 4));
}

/// What this process has mapped, in bytes.
std::optional<rlim_t> mapped_bytes() {
    const Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
    std::array<char, 64> text{};
    const ssize_t size = file ? ::read(*file, text.data(), text.size()) : -1;
    if (size <= 0) return std::nullopt;
    rlim_t pages = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + size, pages);
    if (parsed.ec != std::errc()) return std::nullopt;
    return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

bool limit_memory(const WorkerLimits& limits) {
    const auto mapped = mapped_bytes();
    return mapped && limit(RLIMIT_AS, *mapped + limits.memory_bytes);
}

}  // namespace

bool give_up_powers(const WorkerLimits& limits) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || is_orphan()) return false;
    be_killed_first();
    static_cast<void>(::nice(nice_level));
    ::umask(077);
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
           limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, limits.cpu_seconds, 1) &&
           limit(RLIMIT_NOFILE, open_files_max) &&
           limit(RLIMIT_FSIZE, model::limits::picture_bytes_max);
}

bool lock_down(const WorkerLimits& limits) {
    return limit_memory(limits) && filter_system_calls(Calls::decoding);
}

bool lock_down_but_for(const WorkerLimits& limits, const Gates& gates) {
    // Looking at what is mapped takes a file that is beyond the fence.
    if (!limit_memory(limits)) return false;
    return filter_system_calls(fence_in(gates) ? Calls::reading : Calls::decoding);
}

bool lock_down_to_run(const WorkerLimits& limits, const Gates& gates) {
    return limit_memory(limits) && fence_in(gates) && filter_system_calls(Calls::running);
}

}  // namespace banter::vips
