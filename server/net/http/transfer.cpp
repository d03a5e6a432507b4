#include "net/http/transfer.hpp"

#include "base/check.hpp"
#include "base/text.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <utility>

namespace banter::net::http {

namespace {

using Kind = CallFailure::Kind;

constexpr long receive_buffer_bytes = 64 * 1024;

/// Done twice, these come to the same as once (RFC 9110, 9.2.2).
constexpr std::array<std::string_view, 5> idempotent_methods =
    {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};

bool is_plain(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 && letter != '\t';
    });
}

/// As libcurl wants it: "Name;" is a header without a value, "Name:" none at all.
std::string header_line(const Header& header) {
    CHECK(is_plain(header.name));
    CHECK(is_plain(header.value));
    return header.value.empty() ? header.name + ";" : header.name + ": " + header.value;
}

/// Of a status line; 0 if it is none.
int status_of(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return 0;
    int status = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), status);
    return status;
}

Kind kind_of(CURLcode code, bool connected) {
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY: return Kind::malformed;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR: return Kind::untrusted;
        case CURLE_OPERATION_TIMEDOUT: return connected ? Kind::too_slow : Kind::unreachable;
        default: return connected ? Kind::lost : Kind::unreachable;
    }
}

}  // namespace

Transfer::Transfer(
    CurlLoop& loop,
    const ClientRequest& request,
    const Limits& limits,
    const std::string& ca_file
)
    : loop_(loop),
      limits_(limits),
      handle_(curl().easy_init()),
      pace_(request.grace.value_or(limits.outgoing_grace), limits.body_rate_min),
      changed_(loop.executor()) {
    CHECK(handle_ != nullptr);
    set_callbacks();
    set_request(request);
    set_body(request);
    set_limits(request);
    set_trust(ca_file);
    loop_.add(handle_.get());
}

Transfer::~Transfer() { loop_.remove(handle_.get()); }

template <typename Value>
void Transfer::set(CURLoption option, Value value) {
    CHECK(curl().easy_setopt(handle_.get(), option, value) == CURLE_OK);
}

void Transfer::set_callbacks() {
    set(CURLOPT_PRIVATE, static_cast<CurlEnd*>(this));
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_READFUNCTION, &Transfer::on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    set(CURLOPT_SEEKDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_write);
    set(CURLOPT_WRITEDATA, this);
}

void Transfer::set_request(const ClientRequest& request) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    const auto& repeatable = idempotent_methods;
    idempotent_ =
        std::find(repeatable.begin(), repeatable.end(), request.method) != repeatable.end();
    // Over a connection that was kept libcurl might make it twice by itself.
    if (!idempotent_) set(CURLOPT_FRESH_CONNECT, 1L);
    // What libcurl would add by itself. Without "Expect" a refusal costs bytes sent for nothing,
    // and everything else a round trip less.
    curl_slist* lines = nullptr;
    lines = curl().slist_append(lines, "Accept:");
    lines = curl().slist_append(lines, "Expect:");
    for (const Header& header : request.headers) {
        lines = curl().slist_append(lines, header_line(header).c_str());
    }
    CHECK(lines != nullptr);
    headers_.reset(lines);
    set(CURLOPT_HTTPHEADER, lines);
}

void Transfer::set_body(const ClientRequest& request) {
    streams_ = request.streamed_bytes.has_value();
    CHECK(!streams_ || request.body.empty());
    whole_ = piece_ = request.body;
    unsent_ = request.streamed_bytes.value_or(request.body.size());
    if (request.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else if (request.method == "PUT" || request.method == "POST" || unsent_ > 0) {
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(unsent_));
    }
}

void Transfer::set_limits(const ClientRequest& request) {
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.outgoing_connect_time.count()));
    if (request.within) set_end(std::chrono::steady_clock::now() + *request.within);
    set(CURLOPT_BUFFERSIZE, receive_buffer_bytes);
}

void Transfer::set_end(Moment end) {
    end_ = end;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    // 0 would be no limit.
    set(CURLOPT_TIMEOUT_MS, std::max(static_cast<long>(left.count()), 1L));
}

void Transfer::set_trust(const std::string& ca_file) {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!ca_file.empty()) set(CURLOPT_CAINFO, ca_file.c_str());
}

std::size_t Transfer::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->give(buffer, size * count);
}

std::size_t Transfer::give(char* buffer, std::size_t room) {
    if (piece_.empty()) {
        if (unsent_ == 0) return 0;
        paused_ = true;
        return CURL_READFUNC_PAUSE;
    }
    const std::size_t given = std::min(room, piece_.size());
    std::memcpy(buffer, piece_.data(), given);
    piece_.remove_prefix(given);
    unsent_ -= given;
    moved_ += given;
    if (piece_.empty()) wake();
    return given;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
    // Asked for when a kept connection turns out to be closed, and the request goes over a new one.
    Transfer& transfer = *static_cast<Transfer*>(self);
    const auto place = static_cast<std::uint64_t>(offset);
    if (transfer.streams_ || origin != SEEK_SET || place > transfer.whole_.size()) {
        return CURL_SEEKFUNC_FAIL;
    }
    transfer.piece_ = transfer.whole_.substr(place);
    transfer.unsent_ = transfer.piece_.size();
    return CURL_SEEKFUNC_OK;
}

std::size_t Transfer::on_header(char* line, std::size_t size, std::size_t count, void* self) {
    const std::size_t bytes = size * count;
    // Less than was given ends the call.
    return static_cast<Transfer*>(self)->take_header({line, bytes}) ? bytes : 0;
}

bool Transfer::take_header(std::string_view line) {
    moved_ += line.size();
    if (has_head_) return true;  // a trailer: nobody asks for those
    head_bytes_ += line.size();
    if (head_bytes_ > limits_.outgoing_head_bytes_max) {
        failure_ = CallFailure{Kind::too_large, "the head of the answer is too large"};
        return false;
    }
    if (line.starts_with("HTTP/")) {
        head_ = ResponseHead{status_of(line), {}};
        return true;
    }
    if (trimmed(line).empty()) {
        has_head_ = head_.status >= 200;
        if (has_head_) wake();
        return true;
    }
    const std::size_t colon = std::min(line.find(':'), line.size() - 1);
    head_.headers.add(
        std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))
    );
    return true;
}

std::size_t Transfer::on_write(char* bytes, std::size_t size, std::size_t count, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const std::size_t given = size * count;
    if (!transfer.ready_.empty() &&
        transfer.ready_.size() + given > transfer.limits_.outgoing_ready_bytes_max) {
        transfer.paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    transfer.ready_.append(bytes, given);
    transfer.moved_ += given;
    transfer.wake();
    return given;
}

void Transfer::on_ended(CURLcode code) {
    if (may_start_anew(code))
        start_anew();
    else
        end(code);
}

bool Transfer::may_start_anew(CURLcode code) const {
    const bool broke =
        code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
    if (!broke || !idempotent_ || streams_ || head_bytes_ > 0 || failure_) return false;
    long connections_made = 0;
    curl().easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connections_made);
    return connections_made == 0;
}

/// libcurl does it by itself only where it has not begun to send the body.
void Transfer::start_anew() {
    loop_.remove(handle_.get());
    piece_ = whole_;
    unsent_ = whole_.size();
    paused_ = false;
    error_.front() = '\0';
    set(CURLOPT_FRESH_CONNECT, 1L);
    if (end_) set_end(*end_);
    loop_.add(handle_.get());
}

void Transfer::end(CURLcode code) {
    ended_ = true;
    if (code != CURLE_OK && !failure_) failure_ = failure_of(code);
    wake();
}

CallFailure Transfer::failure_of(CURLcode code) const {
    curl_off_t sending_after_us = 0;
    curl().easy_getinfo(handle_.get(), CURLINFO_PRETRANSFER_TIME_T, &sending_after_us);
    const char* text = error_.front() == '\0' ? curl().easy_strerror(code) : error_.data();
    return {kind_of(code, sending_after_us > 0), text};
}

void Transfer::resume() {
    if (!std::exchange(paused_, false) || ended_) return;
    // Calls back at once with what it has kept.
    const CURLcode code = curl().easy_pause(handle_.get(), CURLPAUSE_CONT);
    if (code != CURLE_OK) end(code);
}

Task<> Transfer::wait() {
    const auto start = std::chrono::steady_clock::now();
    changed_.expires_after(pace_.patience());
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(use_task, woken));
    pace_.waited(std::chrono::steady_clock::now() - start);
    pace_.moved(std::exchange(moved_, 0));
    if (pace_.patience().count() > 0 || ended_) co_return;
    failure_ = CallFailure{Kind::too_slow, "the other server is too slow"};
    ended_ = true;
}

Task<std::optional<CallFailure>> Transfer::send(std::string_view piece) {
    CHECK(streams_);
    CHECK(piece_.empty());
    CHECK(piece.size() <= unsent_);
    piece_ = piece;
    resume();
    while (!piece_.empty() && !has_head_ && !ended_) co_await wait();
    piece_ = {};
    if (has_head_) co_return std::nullopt;
    co_return failure_;
}

Task<Outcome<ResponseHead>> Transfer::head() {
    while (!has_head_ && !ended_) co_await wait();
    if (has_head_) co_return head_;
    if (failure_) co_return *failure_;
    co_return CallFailure{Kind::lost, "the answer has no whole head"};
}

Task<Outcome<std::string>> Transfer::next() {
    while (ready_.empty() && !ended_) {
        resume();
        if (ready_.empty() && !ended_) co_await wait();
    }
    if (!ready_.empty()) {
        std::string bytes = std::exchange(ready_, {});
        resume();
        co_return bytes;
    }
    if (failure_) co_return *failure_;
    co_return std::string();
}

}  // namespace banter::net::http
