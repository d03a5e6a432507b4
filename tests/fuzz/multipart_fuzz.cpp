// Any bytes as a form: whole or in pieces they are read alike, what is read keeps its promises, and
// every byte of a body is one that came. The boundary is "b".
#include "base/check.hpp"
#include "net/http/multipart.hpp"
#include "net/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace banter::net;
using namespace banter::net::http;

void check_name(std::string_view name) {
    CHECK(is_valid_utf8(name));
    CHECK(std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    }));
}

/// Everything that was read, as one text.
std::string read(std::string_view bytes, std::size_t piece) {
    static const Limits limits;
    MultipartParser parser("b", limits);
    std::string heard;
    std::size_t body_bytes = 0;
    const std::size_t all = bytes.size();
    while (!bytes.empty()) {
        std::string_view input = bytes.substr(0, piece);
        bytes.remove_prefix(input.size());
        for (;;) {
            const auto event = parser.next(input);
            if (std::holds_alternative<MultipartParser::NeedMore>(event)) break;
            if (const auto* fault = std::get_if<MultipartFault>(&event)) {
                CHECK(!parser.complete());
                return heard + "fault: " + std::string(fault->why);
            }
            if (const auto* head = std::get_if<PartHead>(&event)) {
                check_name(head->name);
                if (head->filename) check_name(*head->filename);
                heard += "head " + head->name + ";" + head->filename.value_or("none") + ";" +
                         head->media_type + ":";
            } else if (const auto* part = std::get_if<PartBytes>(&event)) {
                CHECK(!part->bytes.empty());
                heard += part->bytes;
                body_bytes += part->bytes.size();
            } else {
                heard += std::holds_alternative<PartEnd>(event) ? "end\n" : "last\n";
            }
        }
        CHECK(input.empty());
    }
    CHECK(body_bytes <= all);
    return heard + (parser.complete() ? "complete" : "cut off");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const std::string whole = read(text, size);
    CHECK(read(text, 1) == whole);
    CHECK(read(text, 7) == whole);
    static_cast<void>(multipart_boundary(text));
    return 0;
}
