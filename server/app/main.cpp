// The program: the command line and the environment, handed to the command; or a child that looks
// into one picture, page or video.
#include "app/commands.hpp"
#include "app/core_dumps.hpp"
#include "storage/vips/film.hpp"
#include "storage/vips/worker.hpp"

#include <unistd.h>

#include <span>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    // Before anything else: such a process is one that may do nearly nothing.
    if (!arguments.empty() && arguments.front() == banter::vips::worker_command) {
        return banter::vips::worker_main(std::span(arguments).subspan(1));
    }
    if (!arguments.empty() && arguments.front() == banter::vips::film_command) {
        return banter::vips::film_main(std::span(arguments).subspan(1));
    }
    banter::app::refuse_core_dumps();
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
    return banter::app::run(banter::app::parse_invocation(arguments, environment));
}
