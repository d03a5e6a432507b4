#include "app/change_window.hpp"

namespace banter::app {

namespace {

constexpr unsigned access_looks_max = 2;

}  // namespace

ChangeWindow::Fresh ChangeWindow::take(const std::vector<storage::ChangedThread>& threads) {
    Fresh fresh;
    decltype(known_) next;
    next.reserve(threads.size());
    for (const storage::ChangedThread& thread : threads) {
        Known& now = next[thread.thread];
        now = {thread.rev, thread.access_rev, 0};
        const auto before = known_.find(thread.thread);
        const bool is_known = before != known_.end();
        if (!is_known || before->second.rev < thread.rev) fresh.heads.push_back(thread);
        if (!thread.access_changed) continue;
        if (is_known && before->second.access_rev == thread.access_rev)
            now.access_looks = before->second.access_looks;
        if (now.access_looks == access_looks_max) continue;
        ++now.access_looks;
        fresh.access.push_back(thread.thread);
    }
    known_ = std::move(next);
    return fresh;
}

}  // namespace banter::app
