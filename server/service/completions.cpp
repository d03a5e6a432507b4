#include "service/completions.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "model/limits.hpp"
#include "service/parts_source.hpp"
#include "service/refusals.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace banter::service {

namespace {

using std::chrono::milliseconds;

/// What is made elsewhere tells nobody here when it ends.
constexpr milliseconds look_again_after{250};
/// Most files are made sooner; an end of the server waits for no others.
constexpr milliseconds drain_time{500};

}  // namespace

/// Wakes all who wait for it.
class Completions::Bell {
public:
    /// Until it rings, or for so long.
    Task<> wait(milliseconds at_most) {
        const auto executor = co_await asio::this_coro::executor;
        const Place place(waiting_, executor, at_most);
        boost::system::error_code woken;
        co_await place.at->async_wait(asio::redirect_error(use_task, woken));
    }

    void ring() {
        for (Timer& waiting : waiting_) waiting.cancel();
    }

private:
    using Waiting = std::list<Timer>;

    struct Place {
        Place(Waiting& waiting, const Executor& executor, milliseconds at_most)
            : all(waiting), at(all.emplace(all.end(), executor, at_most)) {}
        ~Place() { all.erase(at); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        Waiting& all;
        Waiting::iterator at;
    };

    Waiting waiting_;
};

/// A file that is being made on this loop.
struct Completions::Making {
    Making(UploadSlots& slots, const Caller& maker, model::Upload whole)
        : slot(slots.take(maker.user)), caller(maker), upload(std::move(whole)) {}

    /// Empty: too much runs at once.
    UploadSlots::Slot slot;
    Caller caller;
    model::Upload upload;
    /// The end of the claim is `upload.claimed_until`; it may be somebody else's meanwhile.
    bool is_lost = false;
    std::optional<Error> refused;
    bool over = false;
    Bell end;
};

Completions::Completions(
    const FileRules& rules,
    Files& files,
    storage::Storage& storage,
    storage::FileStorage& file_storage,
    const Clock& clock,
    TaskGroup& tasks
)
    : rules_(rules),
      files_(files),
      storage_(storage),
      file_storage_(file_storage),
      clock_(clock),
      tasks_(tasks),
      closing_(std::make_unique<Bell>()),
      emptied_(std::make_unique<Bell>()) {}

Completions::~Completions() { CHECK(makings_.empty()); }

Task<Result<UploadProgress>> Completions::finish(Caller caller, model::Upload upload) {
    for (milliseconds left = rules_.upload_wait;; left -= look_again_after) {
        const auto making = co_await begin(caller, upload);
        if (making != nullptr) {
            if (!making->over && !hurrying_) co_await making->end.wait(left);
            if (making->refused) co_return *making->refused;
        } else if (!draining_) {
            co_await closing_->wait(std::min(left, look_again_after));
        }
        auto found = co_await storage_.uploads.find(upload.id, caller.user);
        if (!found) co_return no_such_upload();
        upload = *std::move(found);
        const bool waits = making == nullptr && !draining_ && left > look_again_after;
        if (upload.file || !waits) co_return UploadProgress{upload, !upload.file};
    }
}

std::shared_ptr<Completions::Making> Completions::find(model::UploadId upload) const {
    const auto found = makings_.find(upload);
    return found == makings_.end() ? nullptr : found->second;
}

Task<std::shared_ptr<Completions::Making>> Completions::begin(Caller caller, model::Upload upload) {
    const model::UploadId id = upload.id;
    auto running = find(id);
    const Timestamp now = clock_.now();
    if (running != nullptr || draining_ || upload.claimed_until > now) co_return running;
    auto making = std::make_shared<Making>(files_.slots(), caller, std::move(upload));
    if (!making->slot) co_return nullptr;
    making->upload.claimed_until = now + model::limits::upload_claim_lifetime;
    const bool claimed = co_await storage_.uploads.claim(id, now, making->upload.claimed_until);
    running = find(id);
    if (!claimed) co_return running;
    if (running != nullptr) {
        // Its own claim took so long that it had lapsed by now.
        running->upload.claimed_until = making->upload.claimed_until;
        co_return running;
    }
    makings_.emplace(id, making);
    tasks_.spawn("making a file of an upload", make(making));
    co_return making;
}

Task<> Completions::make(std::shared_ptr<Making> making) {
    struct End {
        ~End() {
            completions.makings_.erase(making.upload.id);
            making.over = true;
            making.end.ring();
            if (completions.makings_.empty()) completions.emptied_->ring();
        }
        Completions& completions;
        Making& making;
    };
    const End end{*this, *making};
    std::exception_ptr failure;
    try {
        co_await make_file(*making);
        co_return;
    } catch (const StorageFailure& thrown) {
        const log::Field code{"code", wire_name(thrown.code())};
        log::warning("no file could be made of an upload", {code, {"why", thrown.what()}});
    } catch (...) {
        failure = std::current_exception();
    }
    // Whoever asks next begins anew at once, also where this was told to stop.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const model::Upload& upload = making->upload;
    (void)co_await storage_.uploads.renew(upload.id, upload.claimed_until, clock_.now());
    if (failure) std::rethrow_exception(failure);
}

Task<> Completions::make_file(Making& making) {
    const model::Upload& upload = making.upload;
    IncomingFile incoming{
        .name = upload.name,
        .claimed_type = upload.claimed_type,
        .bytes_expected = upload.bytes,
        .uploader = making.caller.user,
    };
    PartsSource parts(storage_.uploads, file_storage_.objects, upload, making.is_lost);
    auto taken = co_await files_.intake().take(std::move(incoming), parts);
    if (taken) {
        // Refused, if another one is made or the upload is given up by now: it is kept nowhere.
        (void)co_await files_.keep(making.caller, *std::move(taken), upload.id);
    } else if (!making.is_lost) {
        making.refused = std::move(taken).error();
        co_await storage_.uploads.refuse(upload.id);
    }
}

Task<> Completions::renew_claims() {
    const Timestamp now = clock_.now();
    std::vector<std::shared_ptr<Making>> due;
    for (const auto& [id, making] : makings_) {
        const auto left = making->upload.claimed_until - now;
        if (left < model::limits::upload_claim_lifetime / 2) due.push_back(making);
    }
    for (const auto& making : due) {
        if (making->over || making->is_lost) continue;
        Timestamp& until = making->upload.claimed_until;
        const Timestamp later = now + model::limits::upload_claim_lifetime;
        const bool renewed = co_await storage_.uploads.renew(making->upload.id, until, later);
        making->is_lost = !renewed;
        if (renewed) until = later;
    }
}

Task<> Completions::drain() {
    if (std::exchange(draining_, true)) co_return;
    closing_->ring();
    if (!makings_.empty()) co_await emptied_->wait(drain_time);
    hurrying_ = true;
    for (const auto& [id, making] : makings_) making->end.ring();
}

}  // namespace banter::service
