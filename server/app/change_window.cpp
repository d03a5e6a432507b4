#include "app/change_window.hpp"

namespace banter::app {

ChangeWindow::Fresh ChangeWindow::take(const std::vector<storage::ChangedThread>& threads) {
    Fresh fresh;
    decltype(known_) next;
    next.reserve(threads.size());
    for (const storage::ChangedThread& thread : threads) {
        const auto before = known_.find(thread.thread);
        const bool is_known = before != known_.end();
        if (!is_known || before->second.rev < thread.rev) fresh.heads.push_back(thread);
        if (thread.access_changed &&
            (!is_known || before->second.access_rev != thread.access_rev)) {
            fresh.access.push_back(thread.thread);
        }
        next[thread.thread] = {thread.rev, thread.access_rev};
    }
    known_ = std::move(next);
    return fresh;
}

}  // namespace banter::app
