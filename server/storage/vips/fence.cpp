#include "storage/vips/fence.hpp"

#include "base/descriptor.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace banter::vips {

namespace {

/// As the kernel has it since 6.12; an older one takes the part that it knows. The header may be
/// older than the kernel, too.
struct Ruleset {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scope = 0;
};

constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t read_folder = LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t run_file = LANDLOCK_ACCESS_FS_EXECUTE;

/// Its version of Landlock; 0 or less: none.
long version() {
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/// All rights of the first `count`, by their bits.
constexpr std::uint64_t first(unsigned count) { return (std::uint64_t{1} << count) - 1; }

/// All that so new a kernel can forbid.
Ruleset everything(long known) {
    Ruleset all{.files = first(13)};
    if (known >= 2) all.files = first(14);
    if (known >= 3) all.files = first(15);
    if (known >= 5) all.files = first(16);
    if (known >= 4) all.network = first(2);
    if (known >= 6) all.scope = first(2);
    return all;
}

std::size_t size_of(long known) {
    const std::size_t fields = known >= 6 ? 3 : known >= 4 ? 2 : 1;
    return fields * sizeof(std::uint64_t);
}

bool open_gate(const Descriptor& ruleset, const std::string& path, std::uint64_t rights) {
    const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!place) return true;
    struct stat facts {};
    if (::fstat(*place, &facts) != 0) return false;
    // The kernel refuses what a file can't have.
    if (!S_ISDIR(facts.st_mode)) rights &= ~read_folder;
    landlock_path_beneath_attr gate{};
    gate.allowed_access = rights;
    gate.parent_fd = *place;
    return ::syscall(SYS_landlock_add_rule, *ruleset, LANDLOCK_RULE_PATH_BENEATH, &gate, 0) == 0;
}

}  // namespace

bool can_fence() { return version() > 0; }

bool fence_in(const Gates& gates) {
    const long known = version();
    if (known <= 0) return false;
    const Ruleset all = everything(known);
    const Descriptor ruleset(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all, size_of(known), 0))
    );
    if (!ruleset) return false;
    for (const std::string& path : gates.readable) {
        if (!open_gate(ruleset, path, read_file | read_folder)) return false;
    }
    for (const std::string& path : gates.runnable) {
        if (!open_gate(ruleset, path, read_file | read_folder | run_file)) return false;
    }
    return ::syscall(SYS_landlock_restrict_self, *ruleset, 0) == 0;
}

}  // namespace banter::vips
