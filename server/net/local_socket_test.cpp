// Sockets by the path of a file: whose they are, how long the path may be, what is left over.
#include "net/local_socket.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <fstream>
#include <string>
#include <system_error>

namespace banter::net {
namespace {

namespace fs = std::filesystem;

class LocalSocketTest : public testing::Test {
protected:
    LocalSocketTest() {
        std::string path = (fs::temp_directory_path() / "banter-XXXXXX").string();
        directory_ = ::mkdtemp(path.data());
    }
    ~LocalSocketTest() override { fs::remove_all(directory_); }

    LocalAcceptor listen(const fs::path& file) {
        return listen_locally(loop_.get_executor(), file);
    }

    asio::io_context loop_{1};
    fs::path directory_;
};

TEST_F(LocalSocketTest, who_connects_reaches_who_listens) {
    LocalAcceptor acceptor = listen(directory_ / "socket");
    const Descriptor client = connect_locally(directory_ / "socket");
    ASSERT_TRUE(client);
    LocalSocket server(loop_.get_executor());
    acceptor.accept(server);
    ASSERT_EQ(::send(*client, "hi", 2, 0), 2);
    std::string text(2, ' ');
    EXPECT_EQ(server.read_some(asio::buffer(text)), 2U);
    EXPECT_EQ(text, "hi");
}

TEST_F(LocalSocketTest, is_for_its_user_only) {
    const LocalAcceptor acceptor = listen(directory_ / "socket");
    const auto mode = fs::status(directory_ / "socket").permissions();
    EXPECT_EQ(mode & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
}

TEST_F(LocalSocketTest, a_path_of_any_length_will_do) {
    const fs::path deep = directory_ / std::string(120, 'd') / std::string(120, 'e');
    fs::create_directories(deep);
    const LocalAcceptor acceptor = listen(deep / "socket");
    EXPECT_TRUE(connect_locally(deep / "socket"));
}

TEST_F(LocalSocketTest, what_a_killed_process_left_is_replaced) {
    { const LocalAcceptor gone = listen(directory_ / "socket"); }
    ASSERT_TRUE(fs::exists(directory_ / "socket")) << "closing leaves the file";
    EXPECT_FALSE(connect_locally(directory_ / "socket"));
    const LocalAcceptor acceptor = listen(directory_ / "socket");
    EXPECT_TRUE(connect_locally(directory_ / "socket"));
}

TEST_F(LocalSocketTest, nobody_is_reached_where_nobody_listens) {
    EXPECT_FALSE(connect_locally(directory_ / "socket"));
    EXPECT_FALSE(connect_locally(directory_ / "none" / "socket"));
    std::ofstream(directory_ / "file") << "x";
    EXPECT_FALSE(connect_locally(directory_ / "file"));
}

TEST_F(LocalSocketTest, a_directory_that_is_not_there_is_told) {
    EXPECT_THROW((void)listen(directory_ / "none" / "socket"), std::system_error);
    EXPECT_THROW((void)listen(directory_ / std::string(200, 'n')), std::system_error);
}

}  // namespace
}  // namespace banter::net
