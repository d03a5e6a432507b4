// The test program is what the tests start as a child, too: told so, it is nothing else.
#include "storage/vips/film.hpp"
#include "storage/vips/testing/escapes.hpp"
#include "storage/vips/testing/maker.hpp"
#include "storage/vips/worker.hpp"

#include <unistd.h>

#include <string>
#include <vector>

namespace banter::vips {

namespace {

/// Before main(), and before what the other files of the program set up for their tests.
[[gnu::constructor]] void be_a_child(int count, char** words, char** /*environment*/) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.empty()) return;
    if (arguments[0] == worker_command) ::_exit(worker_main(std::span(arguments).subspan(1)));
    if (arguments[0] == film_command) ::_exit(film_main(std::span(arguments).subspan(1)));
    if (arguments[0] == maker_command) ::_exit(maker_main());
    if (arguments[0] == escape_command) {
        ::_exit(escape_main(arguments[1], std::stoul(arguments[2]), arguments[3]));
    }
}

}  // namespace

}  // namespace banter::vips
