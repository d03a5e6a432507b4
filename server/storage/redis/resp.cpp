#include "storage/redis/resp.hpp"

#include "base/check.hpp"

#include <hiredis/read.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace banter::redis {

namespace {

/// Of a list: no answer to what is asked here has more.
constexpr int items_max = 65'536;

/// Puts a value at its place: at the top, or into the list that is being read.
Reply* place(const redisReadTask* task, Reply value) {
    if (task->parent == nullptr) return std::make_unique<Reply>(std::move(value)).release();
    auto& items = static_cast<Reply*>(task->parent->obj)->items;
    items.push_back(std::move(value));
    return &items.back();
}

Reply text_of(const redisReadTask* task, char* bytes, std::size_t size) {
    const bool failed = task->type == REDIS_REPLY_ERROR;
    Reply reply;
    reply.kind = failed ? Reply::Kind::error : Reply::Kind::text;
    reply.text.assign(bytes, size);
    return reply;
}

// Called by hiredis, in C: nothing may be thrown through it.

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) noexcept {
    return place(task, text_of(task, bytes, size));
}

/// Size: int, or std::size_t from hiredis 1.0 on.
template <typename Size>
void* make_list(const redisReadTask* task, Size size) noexcept {
    if (size > static_cast<Size>(items_max)) return nullptr;
    Reply reply;
    reply.kind = Reply::Kind::list;
    // All of them, as hiredis keeps the addresses of those it is in.
    reply.items.reserve(static_cast<std::size_t>(size));
    return place(task, std::move(reply));
}

void* make_integer(const redisReadTask* task, long long value) noexcept {
    Reply reply;
    reply.kind = Reply::Kind::integer;
    reply.integer = value;
    return place(task, std::move(reply));
}

void* make_nothing(const redisReadTask* task) noexcept { return place(task, Reply()); }

void free_reply(void* reply) noexcept {
    std::unique_ptr<Reply>(static_cast<Reply*>(reply)).reset();
}

/// Of what came after RESP 2 nothing is made: who says such a thing is not understood. hiredis
/// knows it from 1.0 on.
template <typename Functions>
void refuse_newer(Functions& all) {
    if constexpr (requires { all.createDouble; }) {
        all.createDouble = [](const redisReadTask*, double, char*, std::size_t) -> void* {
            return nullptr;
        };
        all.createBool = [](const redisReadTask*, int) -> void* { return nullptr; };
    }
}

redisReplyObjectFunctions made_here() {
    redisReplyObjectFunctions all{};
    all.createString = make_text;
    all.createArray = make_list;
    all.createInteger = make_integer;
    all.createNil = make_nothing;
    all.freeObject = free_reply;
    refuse_newer(all);
    return all;
}

redisReplyObjectFunctions functions = made_here();

}  // namespace

std::string_view Reply::error_name() const {
    const std::string_view all = text;
    return failed() ? all.substr(0, all.find(' ')) : std::string_view();
}

bool Reply::is_elsewhere() const {
    static constexpr std::array<std::string_view, 4> words = {
        "MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"};
    return std::find(words.begin(), words.end(), error_name()) != words.end();
}

void append_command(std::string& out, std::initializer_list<std::string_view> words) {
    const auto line = [&out](char kind, std::size_t number) {
        out += kind;
        out += std::to_string(number);
        out += "\r\n";
    };
    line('*', words.size());
    for (const std::string_view word : words) {
        line('$', word.size());
        out += word;
        out += "\r\n";
    }
}

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
    CHECK(reader_ != nullptr);
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::Free::operator()(redisReader* reader) const { redisReaderFree(reader); }

void ReplyReader::feed(std::string_view bytes) {
    // What it says is in fault().
    static_cast<void>(redisReaderFeed(reader_.get(), bytes.data(), bytes.size()));
}

std::optional<Reply> ReplyReader::next() {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != 0 || found == nullptr) return std::nullopt;
    const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
    return std::move(*reply);
}

std::string ReplyReader::fault() const { return reader_->err == 0 ? "" : reader_->errstr; }

}  // namespace banter::redis
