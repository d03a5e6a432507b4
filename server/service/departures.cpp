#include "service/departures.hpp"

namespace banter::service {

Task<bool> Departures::go_on() {
    // Most of the time nobody is: that is found without the writer.
    const bool any = co_await storage_.departures.has_any();
    if (!any) co_return false;
    const storage::DepartureStep step{
        .threads_max = step_threads_max,
        .messages_max = step_messages_max,
        .now = clock_.now(),
    };
    co_return co_await storage_.departures.go_on(step);
}

}  // namespace banter::service
