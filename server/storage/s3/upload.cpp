#include "storage/s3/upload.hpp"

#include "base/check.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace banter::s3 {

namespace {

/// Amazon: minutes for the largest, and white space that keeps the connection alive.
constexpr std::chrono::minutes completion_grace{5};

}  // namespace

struct Upload::Flight {
    Flight(Part sent, const Executor& executor)
        : part(std::move(sent)), ended(executor, Timer::time_point::max()) {}

    [[nodiscard]] Task<> wait() {
        boost::system::error_code woken;
        if (!over) co_await ended.async_wait(asio::redirect_error(use_task, woken));
    }
    void end() {
        over = true;
        ended.cancel();
    }

    Part part;
    /// Nothing if it was broken off.
    std::optional<Endpoint::Outcome> outcome;
    bool over = false;
    Timer ended;
};

namespace {

/// Ends the flight however the task ends.
class Landing {
public:
    explicit Landing(Upload::Flight& flight) : flight_(flight) {}
    ~Landing() { flight_.end(); }
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;

private:
    Upload::Flight& flight_;
};

Task<> fly(Endpoint& endpoint, Operation put, std::shared_ptr<Upload::Flight> flight) {
    const Landing landing(*flight);
    put.body = flight->part.bytes();
    put.body_hash = flight->part.hash();
    auto outcome = co_await endpoint.attempt(std::move(put));
    flight->outcome.emplace(std::move(outcome));
}

/// share: what the parts of the upload take, those on their way, too.
Task<> end_after(
    Endpoint& endpoint,
    std::string key,
    std::string id,
    Upload::Flights flights,
    Share share
) {
    for (auto& flight : flights) {
        co_await flight->wait();
        flight.reset();
    }
    share = Share();
    co_await end_upload(endpoint, std::move(key), std::move(id));
}

/// Of one object.
constexpr std::size_t parts_in_memory = 2;

/// 0: nobody knows how large it is.
std::uint64_t memory_of(std::uint64_t bytes_expected) {
    const std::uint64_t most = parts_in_memory * part_bytes_for(bytes_expected);
    return bytes_expected == 0 ? most : std::min(most, bytes_expected);
}

}  // namespace

namespace {

Share take_memory(Endpoint& endpoint, std::uint64_t bytes_expected) {
    Share share(endpoint.part_budget(), memory_of(bytes_expected));
    if (!share) throw StorageFailure(Errc::busy, "too much memory is taken by uploads under way");
    return share;
}

}  // namespace

Upload::Upload(
    Endpoint& endpoint,
    TaskGroup& endings,
    std::string key,
    std::uint64_t bytes_expected
)
    : endpoint_(endpoint),
      endings_(endings),
      key_(std::move(key)),
      part_bytes_(part_bytes_for(bytes_expected)),
      part_(part_bytes_),
      share_(take_memory(endpoint, bytes_expected)) {}

Upload::~Upload() {
    if (id_.empty()) return;
    endings_.spawn(
        "ending an upload", end_after(endpoint_, key_, id_, std::move(flights_), std::move(share_))
    );
}

Operation Upload::operation(std::string doing, std::string method) const {
    Operation operation;
    operation.doing = std::move(doing);
    operation.method = std::move(method);
    operation.key = key_;
    operation.takes_time = true;
    return operation;
}

Task<> Upload::append(std::string_view chunk) {
    while (!chunk.empty()) {
        if (part_->is_full()) {
            co_await send_part();
            co_await make_room();
        }
        chunk.remove_prefix(part_->fill(chunk));
    }
}

Task<> Upload::finish() {
    if (id_.empty()) {
        co_await put_whole();
    } else {
        if (!part_->bytes().empty()) co_await send_part();
        while (!flights_.empty()) {
            const Part landed = co_await land();
        }
        co_await complete();
    }
    id_.clear();
    part_.reset();
    share_ = Share();
}

Task<> Upload::abort() {
    part_.reset();
    if (id_.empty()) co_return;
    Flights flights = std::exchange(flights_, {});
    co_await end_after(endpoint_, key_, id_, std::move(flights), std::move(share_));
    id_.clear();
}

Task<> Upload::put_whole() {
    Operation put = operation("storing an object", "PUT");
    put.headers.push_back({"content-type", "application/octet-stream"});
    put.body = part_->bytes();
    put.body_hash = part_->hash();
    size_ = put.body.size();
    auto outcome = co_await endpoint_.attempt(std::move(put));
    if (!outcome) co_await settle(outcome.error());
}

Task<> Upload::begin_parts() {
    Operation begin = operation("beginning an upload", "POST");
    begin.query.push_back({"uploads", ""});
    begin.headers.push_back({"content-type", "application/octet-stream"});
    const std::string doing = begin.doing;
    const Answer answer = co_await endpoint_.ask(std::move(begin));
    const auto id = parse_upload_id(answer.body);
    if (!id) throw nonsense(endpoint_.options(), doing, "it has no id").failure();
    id_ = *id;
}

Task<> Upload::send_part() {
    if (id_.empty()) co_await begin_parts();
    Operation put = operation("storing a part", "PUT");
    const std::size_t number = etags_.size() + flights_.size() + 1;
    if (number > parts_max) {
        throw StorageFailure(Errc::storage_full, "S3 takes no more than 10,000 parts of an object");
    }
    put.query.push_back({"partNumber", std::to_string(number)});
    put.query.push_back({"uploadId", id_});
    const auto executor = co_await asio::this_coro::executor;
    flights_.push_back(std::make_shared<Flight>(*std::move(part_), executor));
    part_.reset();
    endings_.spawn("storing a part", fly(endpoint_, std::move(put), flights_.back()));
}

Task<> Upload::make_room() {
    if (flights_.size() < parts_in_memory) {
        part_.emplace(part_bytes_);
    } else {
        Part landed = co_await land();
        part_ = std::move(landed);
    }
}

Task<Part> Upload::land() {
    const auto flight = flights_.front();
    co_await flight->wait();
    flights_.pop_front();
    if (!flight->outcome) {
        throw StorageFailure(Errc::storage_unavailable, "storing a part was broken off");
    }
    if (!*flight->outcome) throw flight->outcome->error().failure();
    const std::string_view etag = (*flight->outcome)->header("etag");
    if (etag.empty()) {
        throw nonsense(endpoint_.options(), "storing a part", "it has no ETag").failure();
    }
    etags_.emplace_back(etag);
    size_ += flight->part.bytes().size();
    flight->part.clear();
    co_return std::move(flight->part);
}

Task<> Upload::complete() {
    Operation complete = operation("completing an upload", "POST");
    const std::string body = completion_of(etags_);
    complete.query.push_back({"uploadId", id_});
    complete.body = body;
    complete.grace = completion_grace;
    complete.may_fail_late = true;
    const std::string doing = complete.doing;
    auto outcome = co_await endpoint_.attempt(std::move(complete));
    std::optional<Trouble> trouble;
    if (!outcome) {
        trouble = outcome.error();
        // Completed by a request whose answer was lost, if not swept away.
        if (trouble->s3_code == "NoSuchUpload") trouble->perhaps_done = true;
    } else if (!is_completion(outcome->body)) {
        trouble = nonsense(endpoint_.options(), doing, "the answer is none");
    } else {
        trouble = co_await check_size();
    }
    if (trouble) co_await settle(std::move(*trouble));
}

Task<> Upload::settle(Trouble trouble) {
    if (!trouble.perhaps_done) throw trouble.failure();
    const std::optional<Trouble> found = co_await check_size();
    if (!found) co_return;
    // S3 did answer: it isn't there, or not whole.
    if (!found->perhaps_done) throw trouble.failure();
    throw StorageFailure(Errc::outcome_unknown, trouble.text);
}

/// Nothing if it is there with its size; else trouble, of which it is said whether it may be there.
Task<std::optional<Trouble>> Upload::check_size() {
    Operation head = operation("looking for an object", "HEAD");
    head.may_be_missing = true;
    head.takes_time = false;
    auto outcome = co_await endpoint_.attempt(std::move(head));
    Trouble trouble;
    if (!outcome) {
        trouble = outcome.error();
        trouble.perhaps_done = true;
        co_return trouble;
    }
    const auto size = parse_number(outcome->header("content-length"));
    if (outcome->status == 200 && size == size_) co_return std::nullopt;
    trouble.text = "storing an object: S3 has not got all of it";
    co_return trouble;
}

Task<> end_upload(Endpoint& endpoint, std::string key, std::string id) {
    const auto trouble = co_await try_end_upload(endpoint, std::move(key), std::move(id));
    if (trouble) throw trouble->failure();
}

Task<std::optional<Trouble>> try_end_upload(Endpoint& endpoint, std::string key, std::string id) {
    Operation abort;
    abort.doing = "ending an upload";
    abort.method = "DELETE";
    abort.key = std::move(key);
    abort.query.push_back({"uploadId", std::move(id)});
    abort.accepted = {204, 200};
    abort.may_be_missing = true;
    const auto outcome = co_await endpoint.attempt(std::move(abort));
    if (outcome) co_return std::nullopt;
    co_return outcome.error();
}

}  // namespace banter::s3
