// What a file is stands in its bytes.
#include "storage/magic/media_types.hpp"

#include "storage/testing/run_task.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace banter::magic {
namespace {

class MediaTypesTest : public testing::Test {
public:
    std::string type_of(std::string bytes) {
        return storage::run_task(loop_, types_.detect(std::move(bytes)));
    }

private:
    asio::io_context loop_{1};
    Offload offload_{2, 100};
    MagicMediaTypes types_{offload_};
};

TEST_F(MediaTypesTest, bytes_tell) {
    EXPECT_EQ(
        type_of(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0", 29)),
        "image/png"
    );
    EXPECT_EQ(type_of("GIF89a\1\1"), "image/gif");
    EXPECT_EQ(type_of("\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg");
    EXPECT_EQ(type_of("%PDF-1.4\n"), "application/pdf");
    EXPECT_EQ(type_of("<!DOCTYPE html><html><script>alert(1)</script>"), "text/html");
    EXPECT_EQ(
        type_of("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        "image/svg+xml"
    );
    EXPECT_EQ(type_of("hello\n"), "text/plain");
}

TEST_F(MediaTypesTest, what_nobody_knows_is_bytes) {
    EXPECT_EQ(type_of(""), "application/octet-stream");
    EXPECT_EQ(type_of(std::string("\x01\xfe\x93\x00\x07", 5)), "application/octet-stream");
}

}  // namespace
}  // namespace banter::magic
