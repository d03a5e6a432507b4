#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace banter {

void check_failed(std::string_view condition, const char* file, int line, std::string_view detail) {
    std::fprintf(
        stderr,
        "%s:%d: check failed: %.*s %.*s\n",
        file,
        line,
        static_cast<int>(condition.size()),
        condition.data(),
        static_cast<int>(detail.size()),
        detail.data()
    );
    std::fflush(stderr);
    std::abort();
}

}  // namespace banter
