#include "storage/sqlite/scripts.hpp"

#include "base/check.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace banter::sqlite {

void Scripts::run(Task<> script) {
    bool ended = false;
    std::exception_ptr failure;
    asio::co_spawn(loop_, std::move(script), [&](std::exception_ptr thrown) {
        ended = true;
        failure = std::move(thrown);
    });
    loop_.restart();
    loop_.poll();
    CHECK(ended);
    if (failure) std::rethrow_exception(failure);
}

}  // namespace banter::sqlite
