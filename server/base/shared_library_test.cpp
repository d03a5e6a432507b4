// What is not there is named, with the package that brings it.
#include "base/shared_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <stdexcept>

namespace banter {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(SharedLibrary, a_function_of_it_can_be_called) {
    std::size_t (*length)(const char*) = nullptr;
    SharedLibrary("libc.so.6", "libc6").find("strlen", length);
    EXPECT_EQ(length("four"), 4U);
}

TEST(SharedLibrary, one_that_is_missing_or_lacks_a_function_is_named_with_its_package) {
    const auto load = [] { SharedLibrary("libmissing.so.9", "libmissing9"); };
    EXPECT_THAT(
        load,
        ThrowsMessage<std::runtime_error>(
            AllOf(HasSubstr("libmissing.so.9"), HasSubstr("libmissing9"))
        )
    );
    const auto find = [] {
        void (*function)() = nullptr;
        SharedLibrary("libc.so.6", "libc6").find("no_such_function", function);
    };
    EXPECT_THAT(
        find,
        ThrowsMessage<std::runtime_error>(
            AllOf(HasSubstr("can't load libc.so.6"), HasSubstr("no_such_function"))
        )
    );
}

}  // namespace
}  // namespace banter
