// Which files a child may still open, and what it runs (Landlock, kernel documentation "Landlock:
// unprivileged access control").
#pragma once

#include <string>
#include <vector>

namespace banter::vips {

/// Folders with all below them, or files. What isn't there is left out.
struct Gates {
    std::vector<std::string> readable;
    /// Read, and run.
    std::vector<std::string> runnable;
};

/// Whether the kernel can do it: 5.13 or newer, and not turned off.
[[nodiscard]] bool can_fence();

/// From now on no file can be opened but through `gates`, and none for writing; neither changed,
/// made nor removed; nor is anybody called by TCP, where the kernel knows of that. Descriptors that
/// are open stay so. Nothing undoes it. False: the kernel can't. Only for who may gain no
/// privileges (no_new_privs).
[[nodiscard]] bool fence_in(const Gates& gates);

}  // namespace banter::vips
