// Loaded into a program before the C library (LD_PRELOAD), it sets the program's clocks ahead by
// the seconds that stand in the file named by MOVED_CLOCK: 8 bytes, little-endian, read whenever a
// clock is. Nothing else changes: timers of the kernel go on as they were. (libfaketime refuses
// TFD_TIMER_ABSTIME in the past, by which Asio asks for "at once", and the loop sleeps until the
// timer that was set before.)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const std::int64_t* map_seconds() noexcept {
    const char* path = std::getenv("MOVED_CLOCK");
    const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void* mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) std::abort();
    close(file);
    return static_cast<const std::int64_t*>(mapped);
}

bool is_moved(clockid_t clock) noexcept {
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME_COARSE ||
           clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_MONOTONIC_RAW ||
           clock == CLOCK_BOOTTIME;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    static const std::int64_t* const seconds = map_seconds();
    const long status = syscall(SYS_clock_gettime, clock, time);
    if (status == 0 && is_moved(clock)) time->tv_sec += __atomic_load_n(seconds, __ATOMIC_RELAXED);
    return static_cast<int>(status);
}

extern "C" std::time_t time(std::time_t* into) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (into != nullptr) *into = now.tv_sec;
    return now.tv_sec;
}
