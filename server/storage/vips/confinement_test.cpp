// A child that a picture has taken over can't get out: each way is tried in one.
#include "storage/vips/confinement.hpp"

#include "storage/vips/child.hpp"
#include "storage/vips/spool.hpp"
#include "storage/vips/testing/escapes.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <string>

// ThreadSanitizer can't look into a process that confines itself, and takes ten seconds to open
// libvips.
#if !defined(__SANITIZE_THREAD__)

namespace banter::vips {

namespace {

/// What the child answers: "escaped", the number of an error, or nothing if it was killed.
std::string attempt(
    const std::string& what,
    const std::string& subject = "pictures",
    int cpu_seconds = 60
) {
    SpoolFolder folder(std::filesystem::temp_directory_path());
    Spool picture(folder);
    picture.append("a picture");
    const Descriptor source = picture.open_to_read();
    Child child = Child::start(
        {"/proc/self/exe", escape_command, what, std::to_string(cpu_seconds), subject},
        {*source, -1}
    );
    EXPECT_TRUE(child.wait(std::chrono::minutes(5))) << "it runs on";
    EXPECT_EQ(picture.read(0, 100), "a picture");
    return child.finish().answer;
}

const std::string refused = std::to_string(EPERM);
const std::string fenced = std::to_string(EACCES);
const std::string killed;

}  // namespace

TEST(Confinement, a_child_that_does_nothing_wrong_ends_in_peace) {
    EXPECT_EQ(attempt("nothing"), "escaped");
}

TEST(Confinement, no_file_is_opened_looked_at_or_changed) {
    for (const char* what : {"open", "create", "stat", "unlink", "rename"}) {
        EXPECT_EQ(attempt(what), refused) << what;
    }
    EXPECT_EQ(attempt("write to the picture"), std::to_string(EBADF));
    EXPECT_FALSE(std::filesystem::exists("/tmp/escaped"));
}

TEST(Confinement, nobody_is_called) {
    EXPECT_EQ(attempt("socket"), killed);
    EXPECT_EQ(attempt("local socket"), killed);
}

TEST(Confinement, nothing_is_run_and_no_process_is_made) {
    EXPECT_EQ(attempt("execute"), killed);
    EXPECT_EQ(attempt("fork"), killed);
}

TEST(Confinement, no_memory_becomes_code) {
    EXPECT_EQ(attempt("code"), refused);
    EXPECT_EQ(attempt("code later"), refused);
}

TEST(Confinement, no_other_process_is_touched) {
    EXPECT_EQ(attempt("kill"), refused);
    EXPECT_EQ(attempt("trace"), killed);
}

TEST(Confinement, limits_stay) {
    for (const char* what : {"limit", "undying", "ignore the clock"}) {
        EXPECT_EQ(attempt(what), refused) << what;
    }
    EXPECT_EQ(attempt("memory"), std::to_string(ENOMEM));
}

TEST(Confinement, pages_and_films_open_nothing_but_what_they_need) {
    for (const char* subject : {"pages", "films"}) {
        SCOPED_TRACE(subject);
        EXPECT_EQ(attempt("nothing", subject), "escaped");
        for (const char* what : {"open", "create", "open the picture"}) {
            EXPECT_EQ(attempt(what, subject), fenced) << what;
        }
        for (const char* what : {"unlink", "rename"}) {
            EXPECT_EQ(attempt(what, subject), refused) << what;
        }
        EXPECT_EQ(attempt("write to the picture", subject), std::to_string(EBADF));
    }
    EXPECT_FALSE(std::filesystem::exists("/tmp/escaped"));
}

TEST(Confinement, pages_and_films_call_nobody_and_touch_no_process) {
    for (const char* subject : {"pages", "films"}) {
        SCOPED_TRACE(subject);
        for (const char* what : {"socket", "local socket", "fork", "trace"}) {
            EXPECT_EQ(attempt(what, subject), killed) << what;
        }
        for (const char* what : {"kill", "limit", "undying"}) {
            EXPECT_EQ(attempt(what, subject), refused) << what;
        }
        EXPECT_EQ(attempt("memory", subject), std::to_string(ENOMEM));
        EXPECT_EQ(attempt("endless", subject, 2), killed);
    }
}

TEST(Confinement, a_film_is_shown_by_one_program_and_pages_by_none) {
    EXPECT_EQ(attempt("execute", "pages"), killed);
    EXPECT_EQ(attempt("execute", "films"), fenced);
}

TEST(Confinement, endless_work_ends) { EXPECT_EQ(attempt("endless", "pictures", 2), killed); }

}  // namespace banter::vips

#endif
