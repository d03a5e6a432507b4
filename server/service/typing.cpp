#include "service/typing.hpp"

#include "model/limits.hpp"
#include "service/permissions.hpp"
#include "service/refusals.hpp"

namespace banter::service {

namespace {

namespace limits = model::limits;

model::SharedEvent typing_event(model::UserId user, model::ThreadId thread, bool typing) {
    const std::chrono::milliseconds expires_in =
        typing ? limits::typing_lifetime : std::chrono::seconds(0);
    model::TypingUpdate update{
        .thread = thread, .user = user, .typing = typing, .expires_in = expires_in};
    return std::make_shared<const model::Event>(model::Event{.thread = thread, .body = update});
}

}  // namespace

Task<Result<bool>> Typing::update(Caller caller, model::ThreadId thread, bool typing) {
    std::string key = "typing:" + caller.user.text() + ":" + thread.text();
    const storage::Rate rate{
        .per_second = limits::typing_per_second, .burst = limits::typing_per_second};
    if (const auto wait = co_await storage_.rates.take(std::move(key), rate))
        co_return rate_limited(*wait);

    const auto view = co_await storage_.threads.find(thread, caller.user);
    if (!view) co_return no_such_thread();
    if (auto refused = permissions::may_write(caller, *view)) co_return *std::move(refused);

    std::vector<model::SharedEvent> events{typing_event(caller.user, thread, typing)};
    storage_.bus.publish(std::move(events));
    co_return true;
}

}  // namespace banter::service
