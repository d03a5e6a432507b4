// Children that do everything but what they are asked for, made of the shell.
#include "storage/vips/workers.hpp"

#include "base/task_group.hpp"
#include "base/testing/run.hpp"
#include "storage/testing/run_task.hpp"
#include "storage/testing/temporary_directory.hpp"
#include "storage/vips/pictures.hpp"

#include <boost/asio/this_coro.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <future>
#include <string>

namespace banter::vips {

namespace {

/// No process of the test program's is left, not even a dead one.
bool no_child_is_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

class WorkersTest : public ::testing::Test {
public:
    static WorkerOptions shell(const std::string& script) {
        WorkerOptions options;
        options.command = {"/bin/sh", "-c", script, "child"};
        options.wall_time = std::chrono::minutes(10);
        return options;
    }
    std::optional<Answer> run(WorkerOptions options, ChildFiles files = {}) {
        Workers workers(std::move(options), offload);
        return storage::run_task(loop, workers.run({.work = Work::inspect}, files));
    }
    /// How a job fails that nobody's picture is to blame for.
    std::optional<Errc> failure_of(WorkerOptions options) {
        try {
            static_cast<void>(run(std::move(options)));
        } catch (const StorageFailure& failure) {
            return failure.code();
        }
        return std::nullopt;
    }
    /// A named pipe that a child can say something by, or be told.
    std::string pipe(const std::string& name = "pipe") {
        std::string path = directory.path() / name;
        EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
        return path;
    }
    /// Blocks until a child has opened it.
    static void await(const std::string& pipe) {
        std::string line;
        std::ifstream file(pipe);
        std::getline(file, line);
        EXPECT_EQ(line, "here");
    }

    storage::TemporaryDirectory directory;
    asio::io_context loop{1};
    Offload offload{2, 100};
};

Task<> expect_busy(Workers& workers) {
    const Job job{.work = Work::inspect};
    const ChildFiles none;
    try {
        static_cast<void>(co_await workers.run(job, none));
        ADD_FAILURE() << "it went well";
    } catch (const StorageFailure& failure) {
        EXPECT_EQ(failure.code(), Errc::busy);
    }
}

Task<> run_one(Workers& workers, int& ended) {
    const Job job{.work = Work::inspect};
    const ChildFiles none;
    static_cast<void>(co_await workers.run(job, none));
    ++ended;
}

/// Its child has ended, and nobody may wait for it.
Task<> expect_busy_end(Workers& workers, bool& throws_if_cancelled) {
    co_await expect_busy(workers);
    throws_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
}

Task<> look_for_library(VipsPictures& pictures, bool& waited_to_the_end) {
    try {
        static_cast<void>(co_await pictures.available());
        waited_to_the_end = true;
    } catch (const StorageFailure&) {
        waited_to_the_end = true;
    }
}

Task<> nothing(Offload& offload) {
    auto work = [] { return true; };
    static_cast<void>(co_await offload.run(work));
}

Task<> block(Offload& offload, std::shared_future<void> until) {
    auto work = [until] {
        until.wait();
        return true;
    };
    static_cast<void>(co_await offload.run(work));
}

/// As a shell prints it: done, a JPEG of 3 x 2.
const std::string good_answer = R"(printf '\0\0\0\0\3\0\0\0\2\0\0\0' >&5)";

}  // namespace

TEST_F(WorkersTest, an_answer_is_believed_as_far_as_it_can_be_true) {
    const auto answer = run(shell(good_answer));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->verdict, Verdict::done);
    EXPECT_EQ(answer->width, 3U);
    for (const char* lie :
         {"",
          "hello",
          R"(\0\0\0\0\0\0\0\0\2\0\0\0)",
          R"(\0\0\0\0\377\377\377\377\377\377\377\377)",
          R"(\0\7\0\0\3\0\0\0\2\0\0\0)",
          R"(\7\0\0\0\3\0\0\0\2\0\0\0)",
          R"(\0\0\2\0\3\0\0\0\2\0\0\0)",
          R"(\0\0\0\1\3\0\0\0\2\0\0\0)",
          R"(\0\0\0\0\3\0\0\0\2\0\0\0\0)"}) {
        EXPECT_FALSE(run(shell("printf '" + std::string(lie) + "' >&5"))) << lie;
    }
    EXPECT_FALSE(run(shell("yes >&5")))
        << "nor one without end, which the pipe holds up until the reader is gone";
}

TEST_F(WorkersTest, a_child_that_crashes_or_fails_or_reaches_its_limits_says_nothing) {
    for (const char* end :
         {"kill -SEGV $$", "kill -ABRT $$", "kill -SYS $$", "kill -XCPU $$", "exit 1"}) {
        EXPECT_FALSE(run(shell(good_answer + "; " + end))) << end;
    }
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, that_somebody_killed_a_child_is_no_pictures_fault) {
    for (const char* end : {"kill -KILL $$", "kill -TERM $$", "kill -INT $$"}) {
        EXPECT_EQ(failure_of(shell(good_answer + "; " + end)), Errc::storage_unavailable) << end;
    }
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, a_child_that_goes_on_and_on_is_killed_and_may_have_had_a_busy_machine) {
    WorkerOptions options = shell("exec sleep 1000");
    options.wall_time = std::chrono::milliseconds(50);
    EXPECT_EQ(failure_of(std::move(options)), Errc::busy);
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, a_child_whose_end_nobody_can_ask_for_is_no_pictures_fault) {
    ASSERT_NE(std::signal(SIGCHLD, SIG_IGN), SIG_ERR);
    EXPECT_EQ(failure_of(shell(good_answer)), Errc::storage_unavailable);
    ASSERT_NE(std::signal(SIGCHLD, SIG_DFL), SIG_ERR);
}

TEST_F(WorkersTest, a_child_sees_nothing_of_the_server) {
    ASSERT_EQ(::setenv("SECRET", "42", 1), 0);
    const std::string look =
        "test -z \"$SECRET\" && test \"$(pwd)\" = / && cd /proc/$$/fd && "
        "for fd in *; do case $fd in [0-5]) ;; *) test ! -e $fd || exit 1;; esac; done && ";
    EXPECT_TRUE(run(shell(look + good_answer)));
    EXPECT_FALSE(run(shell("test -n \"$SECRET\" && " + good_answer)));
}

TEST_F(WorkersTest, descriptors_arrive_whatever_their_numbers_were) {
    const std::string path = directory.path() / "source";
    std::ofstream(path) << "picture\n";
    const Descriptor target(::open((directory.path() / "target").c_str(), O_RDWR | O_CREAT, 0600));
    const Descriptor source(::open(path.c_str(), O_RDONLY));
    const std::string script = "read line <&3 && test \"$line\" = picture && echo made >&4 && ";
    EXPECT_TRUE(run(shell(script + good_answer), {*source, *target}));
    std::string made;
    std::ifstream(directory.path() / "target") >> made;
    EXPECT_EQ(made, "made");
}

TEST_F(WorkersTest, a_program_that_is_not_there_is_the_operators_trouble) {
    WorkerOptions options;
    options.command = {"/nonexistent"};
    EXPECT_THROW(run(std::move(options)), StorageFailure);
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, one_more_than_may_wait_is_refused) {
    WorkerOptions options = shell("echo here > " + pipe() + "; exec sleep 1000");
    options.at_a_time = 1;
    options.waiting_max = 1;
    Workers workers(options, offload);
    int ended = 0;
    TaskGroup tasks(loop.get_executor());
    tasks.spawn("works", run_one(workers, ended));
    tasks.spawn("waits", run_one(workers, ended));
    loop.poll();
    storage::run_task(loop, [](Workers& refused, TaskGroup& others) -> Task<> {
        co_await expect_busy(refused);
        others.cancel();
        co_await others.wait();
    }(workers, tasks));
    EXPECT_EQ(ended, 0);
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, a_caller_that_is_cancelled_takes_its_child_with_it) {
    const std::string path = pipe();
    Workers workers(shell("echo here > " + path + "; exec sleep 1000"), offload);
    int ended = 0;
    TaskGroup tasks(loop.get_executor());
    tasks.spawn("looks into a picture", run_one(workers, ended));
    loop.poll();
    await(path);
    storage::run_task(loop, [](TaskGroup& all) -> Task<> {
        all.cancel();
        co_await all.wait();
    }(tasks));
    EXPECT_EQ(ended, 0) << "it stops";
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, whoever_looks_for_the_library_and_is_cancelled_takes_the_probe_with_it) {
    const std::string path = pipe();
    WorkerOptions options = shell("echo here > " + path + "; exec sleep 1000");
    options.wall_time = std::chrono::minutes(1);
    VipsPictures pictures({directory.path() / "spool", options, {}}, offload);
    bool waited_to_the_end = false;
    TaskGroup tasks(loop.get_executor());
    tasks.spawn("looks for the library", look_for_library(pictures, waited_to_the_end));
    loop.poll();
    await(path);
    storage::run_task(loop, [](TaskGroup& all) -> Task<> {
        all.cancel();
        co_await all.wait();
    }(tasks));
    EXPECT_FALSE(waited_to_the_end);
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, a_caller_that_is_dropped_takes_its_child_with_it) {
    const std::string path = pipe();
    {
        // It ends the child, when its loop is gone.
        Offload ending{1, 100};
        Workers workers(shell("echo here > " + path + "; exec sleep 1000"), ending);
        asio::io_context dropped{1};
        int ended = 0;
        asio::co_spawn(dropped, run_one(workers, ended), [](std::exception_ptr) {});
        dropped.poll();
        await(path);
        while (dropped.run_one_for(std::chrono::milliseconds(10)) != 0) {}
    }
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, a_child_that_nobody_has_time_to_end_ends_later) {
    const std::string said = pipe("said");
    const std::string told = pipe("told");
    std::promise<void> enough;
    const std::shared_future<void> when_enough = enough.get_future();
    {
        Offload narrow{1, 2};
        Workers workers(shell("echo here > " + said + "; read line < " + told), narrow);
        bool throws_if_cancelled = false;
        TaskGroup tasks(loop.get_executor());
        TaskGroup others(loop.get_executor());
        tasks.spawn("works", expect_busy_end(workers, throws_if_cancelled));
        loop.poll();
        await(said);
        // What was asked for before it has been done, and all of it has come home.
        testing::run(loop, nothing(narrow));
        for (int i = 0; i < 2; ++i) others.spawn("blocks", block(narrow, when_enough));
        loop.poll();
        std::ofstream(told) << "go on\n";
        testing::run(loop, tasks.wait());
        EXPECT_TRUE(throws_if_cancelled) << "as it was before";
        enough.set_value();
        testing::run(loop, others.wait());
    }
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, those_that_wait_have_their_turn) {
    WorkerOptions options = shell(good_answer);
    options.at_a_time = 1;
    options.waiting_max = 5;
    Workers workers(options, offload);
    int ended = 0;
    TaskGroup tasks(loop.get_executor());
    for (int i = 0; i < 6; ++i) tasks.spawn("works", run_one(workers, ended));
    storage::run_task(loop, tasks.wait());
    EXPECT_EQ(ended, 6);
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, without_the_library_no_picture_is_received_and_nobody_asks_again) {
    const std::string asked = directory.path() / "asked";
    const std::string missing = R"(printf '\3\0\0\0\0\0\0\0\0\0\0\0' >&5)";
    VipsPictures pictures(
        {directory.path() / "spool", shell("echo x >> " + asked + "; " + missing), {}}, offload
    );
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(storage::run_task(loop, pictures.receive()));
    std::string times;
    std::ifstream(asked) >> times;
    EXPECT_EQ(times, "x");
    EXPECT_EQ(std::filesystem::file_size(asked), 2U);
}

TEST_F(WorkersTest, a_probe_that_ends_badly_says_nothing_of_the_library_and_is_made_again) {
    const std::string once = directory.path() / "once";
    for (const char* end : {"kill -KILL $$", "kill -ABRT $$", "exit 1", "printf nonsense >&5"}) {
        std::filesystem::remove(once);
        const std::string first = "if [ ! -e " + once + " ]; then touch " + once + "; ";
        const auto script = first + end + "; else " + good_answer + "; fi";
        VipsPictures pictures({directory.path() / "spool", shell(script), {}}, offload);
        EXPECT_THROW(storage::run_task(loop, pictures.receive()), StorageFailure) << end;
        EXPECT_TRUE(storage::run_task(loop, pictures.receive())) << end;
    }
    EXPECT_TRUE(no_child_is_left());
}

TEST_F(WorkersTest, a_library_that_does_not_open_in_time_is_asked_for_again) {
    WorkerOptions options = shell("exec sleep 1000");
    options.wall_time = std::chrono::milliseconds(20);
    VipsPictures pictures({directory.path() / "spool", options, {}}, offload);
    for (int i = 0; i < 2; ++i) {
        EXPECT_THROW(storage::run_task(loop, pictures.receive()), StorageFailure);
    }
    EXPECT_TRUE(no_child_is_left());
}

}  // namespace banter::vips
