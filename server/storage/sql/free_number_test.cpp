// The number that a taken name gets is free, the lowest where there are no gaps, and found in few
// looks.
#include "storage/sql/free_number.hpp"

#include <gtest/gtest.h>

namespace banter::sql {
namespace {

struct Search {
    std::uint64_t found = 0;
    int looks = 0;
};

template <typename IsTaken>
Search search(IsTaken is_taken) {
    FreeNumber number;
    Search done;
    while (!number.found()) {
        number.note(is_taken(number.next()));
        ++done.looks;
    }
    done.found = *number.found();
    return done;
}

TEST(FreeNumber, is_the_next_one_where_all_before_it_are_taken) {
    for (std::uint64_t last = 1; last <= 2'000; ++last) {
        const Search done = search([&](std::uint64_t number) { return number <= last; });
        EXPECT_EQ(done.found, last + 1);
        EXPECT_LE(done.looks, 22) << last;
    }
    const Search done = search([](std::uint64_t number) { return number <= 1'000'000'000; });
    EXPECT_EQ(done.found, 1'000'000'001U);
    EXPECT_LE(done.looks, 60);
}

TEST(FreeNumber, is_free_wherever_there_are_gaps) {
    for (std::uint64_t mask = 0; mask < (1U << 12U); ++mask) {
        const auto is_taken = [&](std::uint64_t number) {
            return number < 14 && ((mask >> (number - 2)) & 1U) != 0;
        };
        const Search done = search(is_taken);
        EXPECT_GE(done.found, 2U);
        EXPECT_FALSE(is_taken(done.found)) << mask;
    }
}

}  // namespace
}  // namespace banter::sql
