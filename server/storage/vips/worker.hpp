// The child: our own program, started anew with a job, that looks into one picture or page
// and ends.
#pragma once

#include "storage/vips/decoder.hpp"
#include "storage/vips/job.hpp"
#include "storage/vips/library.hpp"

#include <optional>
#include <span>
#include <string>

namespace banter::vips {

/// First argument of the program for it to be one. Nobody but the server uses it.
inline constexpr const char* worker_command = "picture-worker";

/// Does what the program was started for, with the arguments behind `worker_command`, and returns
/// its status. To be called before anything else is set up: this process gives up nearly all that a
/// process may do.
[[nodiscard]] int worker_main(std::span<const std::string> arguments);

/// A library in a process that may do nothing any more but decode.
struct Confined {
    Library library;
    Abilities abilities;
};

/// Nothing: there is no library, or the system refuses to confine.
[[nodiscard]] std::optional<Confined> confine(const WorkerLimits& limits);

/// As confine(), for pages, whose fonts it may read besides; they are no pictures.
[[nodiscard]] std::optional<Library> confine_for_pages(const WorkerLimits& limits);

}  // namespace banter::vips
