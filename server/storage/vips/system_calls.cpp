#include "storage/vips/system_calls.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace banter::vips {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
#error "say here what the kernel calls this architecture"
#endif

/// Calls of the other kind that an x86-64 kernel may know (x32) have this bit.
constexpr std::uint32_t x32_bit = 0x40000000;

/// Memory, descriptors that are open, threads of execution that wait for each other, time, chance.
constexpr long allowed[] = {
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_pread64,
    SYS_pwrite64,
    SYS_lseek,
    SYS_close,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    SYS_futex,
    SYS_sched_yield,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_exit,
    SYS_exit_group,
    SYS_rt_sigreturn,
    SYS_rt_sigprocmask,
    SYS_sigaltstack,
    SYS_gettid,
    SYS_getpid,
    SYS_clock_gettime,
    SYS_clock_nanosleep,
    SYS_gettimeofday,
    SYS_getrandom,
    SYS_restart_syscall,
    SYS_sched_getaffinity,
};

/// Finding files and reading them; which, a fence says.
constexpr long allowed_to_readers[] = {
    SYS_openat,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_statfs,
    SYS_fstatfs,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_fcntl,
    SYS_getdents64,
    SYS_readlinkat,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
#if defined(SYS_access)
    SYS_access,
    SYS_readlink,
#endif
};

/// How a program begins, beside its code.
constexpr long allowed_to_programs[] = {
    SYS_execve,
    SYS_rt_sigaction,
    SYS_set_tid_address,
    SYS_uname,
    SYS_sysinfo,
    SYS_getrusage,
    SYS_getcwd,
#if defined(SYS_arch_prctl)
    SYS_arch_prctl,
#endif
};

/// What no decoder tries, not even in vain.
constexpr long deadly[] = {
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_socket,
    SYS_socketpair,
#if defined(SYS_fork)
    SYS_fork,
    SYS_vfork,
#endif
};

/// Instructions, each of which returns or goes on.
class Program {
public:
    /// Calls of another architecture have other numbers.
    void require_architecture() {
        load(offsetof(seccomp_data, arch));
        jump(BPF_JEQ, architecture, 1, 0);
        answer(SECCOMP_RET_KILL_PROCESS);
        load_number();
        jump(BPF_JGE, x32_bit, 0, 1);
        answer(SECCOMP_RET_KILL_PROCESS);
    }
    void on(long call, std::uint32_t verdict) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
        answer(verdict);
    }
    /// Whether any of `bits` is in an argument (its lower half) decides.
    void on_bits(long call, std::size_t argument, std::uint32_t bits, bool wanted) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 4);
        load(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t));
        jump(BPF_JSET, bits, wanted ? 1 : 0, wanted ? 0 : 1);
        answer(wanted ? SECCOMP_RET_KILL_PROCESS : refused(EPERM));
        answer(SECCOMP_RET_ALLOW);
    }
    void otherwise(std::uint32_t verdict) { answer(verdict); }

    [[nodiscard]] static constexpr std::uint32_t refused(int code) {
        return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code);
    }
    [[nodiscard]] bool install() {
        const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
        return ::syscall(
                   SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program
               ) == 0;
    }

private:
    void load(std::size_t offset) {
        code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
    }
    void load_number() { load(offsetof(seccomp_data, nr)); }
    void jump(std::uint16_t test, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
        code_.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), value, yes, no)
        );
    }
    void answer(std::uint32_t verdict) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }

    std::vector<sock_filter> code_;
};

}  // namespace

bool filter_system_calls(Calls calls) {
    Program program;
    program.require_architecture();
    for (const long call : allowed) program.on(call, SECCOMP_RET_ALLOW);
    if (calls >= Calls::reading) {
        for (const long call : allowed_to_readers) program.on(call, SECCOMP_RET_ALLOW);
    }
    if (calls == Calls::running) {
        for (const long call : allowed_to_programs) program.on(call, SECCOMP_RET_ALLOW);
        for (const long call : {SYS_mmap, SYS_mprotect}) program.on(call, SECCOMP_RET_ALLOW);
    }
    // Memory that holds code was mapped before; a second rule for a call is never reached.
    program.on_bits(SYS_mmap, 2, PROT_EXEC, false);
    program.on_bits(SYS_mprotect, 2, PROT_EXEC, false);
    program.on(SYS_execve, SECCOMP_RET_KILL_PROCESS);
    program.on_bits(SYS_clone, 0, CLONE_THREAD, true);
    // Its arguments can't be looked into; the C library takes clone instead.
    program.on(SYS_clone3, Program::refused(ENOSYS));
    for (const long call : deadly) program.on(call, SECCOMP_RET_KILL_PROCESS);
    program.otherwise(Program::refused(EPERM));
    return program.install();
}

}  // namespace banter::vips
