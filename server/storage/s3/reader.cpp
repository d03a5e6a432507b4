#include "storage/s3/reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace banter::s3 {

namespace {

using net::http::Call;
using storage::ByteRange;
using storage::ObjectReader;

/// Some services read numbers beyond that as none, and answer all of the object.
constexpr std::uint64_t offset_max = std::numeric_limits<std::int64_t>::max();

/// How often in a row a connection may break without having brought a byte.
constexpr int breaks_max = 4;

constexpr const char* reading = "reading an object";

Operation get(std::string key) {
    Operation operation;
    operation.doing = reading;
    operation.key = std::move(key);
    operation.may_be_missing = true;
    operation.streams = true;
    operation.reads = true;
    operation.takes_time = true;
    return operation;
}

/// "bytes=3-7"; the end left open where it is far away.
std::string range_text(ByteRange range) {
    std::string text = "bytes=" + std::to_string(range.offset) + "-";
    if (range.size <= offset_max - range.offset) {
        text += std::to_string(range.offset + range.size - 1);
    }
    return text;
}

/// The range as it lies within an object of that size.
ByteRange cut(ByteRange range, std::uint64_t size) {
    const std::uint64_t offset = std::min(range.offset, size);
    return {offset, std::min(range.size, size - offset)};
}

/// The size of the object, if the answer holds just the bytes that were asked for.
std::optional<std::uint64_t> size_of(const Answer& answer, ByteRange asked) {
    if (answer.status == 200) {
        // All of it is what was asked for only if nothing was left out.
        const bool all = asked.offset == 0 && asked.size > offset_max;
        return all ? parse_number(answer.header("content-length")) : std::nullopt;
    }
    const auto given = parse_content_range(answer.header("content-range"));
    if (!given) return std::nullopt;
    const ByteRange expected = cut(asked, given->size);
    const bool same =
        given->first == expected.offset && given->last - given->first + 1 == expected.size;
    return same ? std::optional(given->size) : std::nullopt;
}

class Reader final : public ObjectReader, private IdleRead {
public:
    struct Object {
        std::string key;
        std::string etag;
        std::uint64_t size = 0;
    };

    Reader(Endpoint& endpoint, Object object, ByteRange range, std::optional<Call> call)
        : endpoint_(endpoint), object_(std::move(object)), left_(range) {
        if (call) call_ = std::make_unique<Call>(std::move(*call));
        go_idle();
    }
    ~Reader() override { endpoint_.idle_reads().remove(*this); }

    [[nodiscard]] std::uint64_t size() const override { return object_.size; }

    Task<std::string> next() override {
        endpoint_.idle_reads().remove(*this);
        std::string trouble = "it has ended too soon";
        for (int breaks = 0; left_.size > 0 && breaks <= breaks_max; ++breaks) {
            if (!call_) co_await reopen();
            auto piece = co_await call_->next();
            if (piece && !piece->empty()) {
                take(piece->size());
                go_idle();
                co_return std::move(*piece);
            }
            if (!piece) trouble = piece.error().text;
            call_.reset();
        }
        if (left_.size > 0) throw nonsense_of(trouble);
        co_return std::string();
    }

private:
    void go_idle() {
        if (call_) endpoint_.idle_reads().add(*this, endpoint_.now());
    }
    void pause() override { call_.reset(); }

    void take(std::size_t size) {
        if (size > left_.size) throw nonsense_of("it has more bytes than it said");
        left_.offset += size;
        left_.size -= size;
        if (left_.size == 0) call_.reset();
    }

    /// Asks for what is left, of the same object: another under this key is none of its bytes.
    Task<> reopen() {
        Operation operation = get(object_.key);
        operation.headers.push_back({"range", range_text(left_)});
        operation.headers.push_back({"if-match", object_.etag});
        operation.accepted = {206};
        operation.resumes = true;
        Answer answer = co_await endpoint_.ask(std::move(operation));
        if (answer.status == 404) throw nonsense_of("the object was removed meanwhile");
        if (size_of(answer, left_) != object_.size) throw nonsense_of("the object has changed");
        call_ = std::make_unique<Call>(std::move(*answer.rest));
    }

    [[nodiscard]] StorageFailure nonsense_of(const std::string& what) const {
        return nonsense(endpoint_.options(), reading, what).failure();
    }

    Endpoint& endpoint_;
    Object object_;
    ByteRange left_;
    std::unique_ptr<Call> call_;
};

/// A range without a byte of the object, or S3 wouldn't answer 416.
Task<std::unique_ptr<ObjectReader>> open_nothing(
    Endpoint& endpoint,
    std::string key,
    ByteRange range
) {
    const auto size = co_await load_size(endpoint, key);
    if (!size) co_return nullptr;
    const ByteRange nothing = cut(range, *size);
    if (nothing.size > 0) {
        throw nonsense(endpoint.options(), reading, "it knows no such range").failure();
    }
    Reader::Object object{std::move(key), {}, *size};
    co_return std::make_unique<Reader>(endpoint, std::move(object), nothing, std::nullopt);
}

}  // namespace

Task<std::optional<std::uint64_t>> load_size(Endpoint& endpoint, std::string key) {
    Operation head;
    head.doing = "looking for an object";
    head.method = "HEAD";
    head.key = key;
    head.may_be_missing = true;
    head.reads = true;
    const Answer answer = co_await endpoint.ask(std::move(head));
    if (answer.status == 404) {
        // An answer to HEAD doesn't say whether it is the bucket that is missing; one to GET does.
        Operation again = get(std::move(key));
        again.accepted = {200};
        const Answer same = co_await endpoint.ask(std::move(again));
        if (same.status == 404) co_return std::nullopt;
        co_return parse_number(same.header("content-length"));
    }
    const auto size = parse_number(answer.header("content-length"));
    if (!size) throw nonsense(endpoint.options(), reading, "it has no size").failure();
    co_return size;
}

Task<std::unique_ptr<ObjectReader>> open_object(
    Endpoint& endpoint,
    std::string key,
    ByteRange range
) {
    if (range.size == 0 || range.offset >= offset_max) {
        co_return co_await open_nothing(endpoint, std::move(key), range);
    }
    Operation operation = get(key);
    if (range.offset > 0 || range.size <= offset_max) {
        operation.headers.push_back({"range", range_text(range)});
    }
    operation.accepted = {200, 206, 416};
    Answer answer = co_await endpoint.ask(std::move(operation));
    if (answer.status == 404) co_return nullptr;
    if (answer.status == 416) co_return co_await open_nothing(endpoint, std::move(key), range);
    const auto size = size_of(answer, range);
    const std::string_view etag = answer.header("etag");
    if (!size || etag.empty()) {
        throw nonsense(endpoint.options(), reading, "these are other bytes than asked for")
            .failure();
    }
    Reader::Object object{std::move(key), std::string(etag), *size};
    const ByteRange inside = cut(range, *size);
    co_return std::make_unique<Reader>(endpoint, std::move(object), inside, std::move(answer.rest));
}

}  // namespace banter::s3
