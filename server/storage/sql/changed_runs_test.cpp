// Ranges around runs of changed messages: the pure part.
#include "storage/sql/changed_runs.hpp"

#include <gmock/gmock.h>

namespace banter::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(AroundRuns, without_runs_all_is_one_range) {
    EXPECT_THAT(around({5, 9}, {}), ElementsAre(PlaceRange{5, 9}));
}

TEST(AroundRuns, a_long_run_is_left_out_and_a_short_one_is_not) {
    EXPECT_THAT(
        around({1, 1000}, {{100, 110}, {200, 900}}),
        ElementsAre(PlaceRange{1, 199}, PlaceRange{901, 1000})
    );
}

TEST(AroundRuns, runs_that_cover_an_end_shorten_the_range) {
    EXPECT_THAT(around({50, 500}, {{1, 99}, {400, 900}}), ElementsAre(PlaceRange{100, 399}));
}

TEST(AroundRuns, nothing_is_left_of_a_range_within_a_run) {
    EXPECT_THAT(around({50, 60}, {{1, 99}}), IsEmpty());
    EXPECT_THAT(around({1, 99}, {{1, 99}}), IsEmpty());
}

TEST(AroundRuns, a_run_behind_the_range_changes_nothing) {
    EXPECT_THAT(around({1, 9}, {{100, 200}}), ElementsAre(PlaceRange{1, 9}));
}

}  // namespace
}  // namespace banter::sql
