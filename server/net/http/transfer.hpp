// One request and its answer as libcurl makes it: what its callbacks give and take, for a coroutine
// that waits.
#pragma once

#include "net/http/client.hpp"
#include "net/http/curl_loop.hpp"
#include "net/http/pace.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::net::http {

/// The methods are those of Call.
class Transfer final : public CurlEnd {
public:
    /// Starts it. ca_file: empty, or whom to trust.
    Transfer(
        CurlLoop& loop,
        const ClientRequest& request,
        const Limits& limits,
        const std::string& ca_file
    );
    /// Ends it.
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    [[nodiscard]] Task<std::optional<CallFailure>> send(std::string_view piece);
    [[nodiscard]] Task<Outcome<ResponseHead>> head();
    [[nodiscard]] Task<Outcome<std::string>> next();

private:
    using Moment = std::chrono::steady_clock::time_point;

    struct EasyDeleter {
        void operator()(CURL* handle) const { curl().easy_cleanup(handle); }
    };

    struct ListDeleter {
        void operator()(curl_slist* list) const { curl().slist_free_all(list); }
    };

    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
    static int on_seek(void* self, curl_off_t offset, int origin);
    static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* self);
    static std::size_t on_write(char* bytes, std::size_t size, std::size_t count, void* self);
    void on_ended(CURLcode code) override;
    void end(CURLcode code);
    /// Whether a kept connection turned out to be closed, and the request may be made again.
    [[nodiscard]] bool may_start_anew(CURLcode code) const;
    void start_anew();

    template <typename Value>
    void set(CURLoption option, Value value);
    void set_request(const ClientRequest& request);
    void set_body(const ClientRequest& request);
    void set_limits(const ClientRequest& request);
    void set_end(Moment end);
    void set_trust(const std::string& ca_file);
    void set_callbacks();

    std::size_t give(char* buffer, std::size_t room);
    bool take_header(std::string_view line);
    [[nodiscard]] CallFailure failure_of(CURLcode code) const;
    void resume();
    void wake() { changed_.cancel(); }
    /// Until something has changed, or the peer's patience has run out, which is a failure.
    [[nodiscard]] Task<> wait();

    CurlLoop& loop_;
    Limits limits_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::unique_ptr<curl_slist, ListDeleter> headers_;
    std::unique_ptr<CURL, EasyDeleter> handle_;

    std::string_view whole_;    // the body, if it isn't streamed
    std::string_view piece_;    // of the body: what libcurl has not taken yet
    std::uint64_t unsent_ = 0;  // of the body, in bytes
    bool streams_ = false;
    bool idempotent_ = false;
    std::optional<Moment> end_;  // of ClientRequest::within
    bool paused_ = false;        // libcurl waits for resume()

    ResponseHead head_;
    std::size_t head_bytes_ = 0;
    bool has_head_ = false;
    std::string ready_;

    bool ended_ = false;
    std::optional<CallFailure> failure_;
    Pace pace_;
    std::size_t moved_ = 0;  // bytes, since the last wait
    Timer changed_;
};

}  // namespace banter::net::http
