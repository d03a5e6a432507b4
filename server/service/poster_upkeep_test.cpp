// What is made of files in the background: here posters, drawn by a part that says what it is told.
#include "service/file_upkeep.hpp"
#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace banter::service {
namespace {

/// A picture that looks as it is told to, and whose smaller copies are short texts.
class Drawn final : public storage::IncomingPicture {
public:
    explicit Drawn(Result<storage::Picture> looks) : looks_(std::move(looks)) {}

    Task<> append(std::string_view /*chunk*/) override { co_return; }
    Task<Result<storage::Picture>> inspect() override { co_return looks_; }
    Task<Result<storage::Rendered>> render(storage::Rendering rendering) override {
        left_ = "copy " + std::to_string(rendering.width);
        co_return storage::Rendered{
            .width = rendering.width, .height = rendering.width / 2, .bytes = left_.size()};
    }
    Task<std::string> next() override { co_return std::exchange(left_, {}); }

private:
    Result<storage::Picture> looks_;
    std::string left_;
};

class ToldPosters final : public storage::Posters {
public:
    [[nodiscard]] bool can_draw(std::string_view media_type) const override {
        return media_type == "application/pdf";
    }
    Task<std::unique_ptr<storage::IncomingPicture>> draw(
        const model::File& file,
        storage::ObjectStore& /*objects*/
    ) override {
        drawn.push_back(file.name);
        if (!looks) co_return nullptr;
        co_return std::make_unique<Drawn>(*looks);
    }

    /// Nothing: it can't be drawn.
    std::optional<Result<storage::Picture>> looks;
    std::vector<std::string> drawn;
};

class PosterUpkeep : public ::testing::Test {
protected:
    PosterUpkeep() {
        world->file_storage.posters = &posters;
        thread = world.channel(ada, "general");
    }

    model::Message send_file(const std::string& name, std::string bytes) {
        ScriptedSource source(std::move(bytes));
        IncomingFile incoming{.name = name, .claimed_type = {}, .bytes_expected = 0};
        const auto file = world.run(world->files.upload(ada, std::move(incoming), source)).value();
        auto request = world.sending(thread, "");
        request.attachments = {file.id};
        return world.run(world->messages.send(ada, std::move(request))).value();
    }
    model::Message now(const model::Message& message) {
        return world.run(world->messages.find(ada, message.id)).value();
    }
    /// All that is to do.
    void upkeep() {
        while (world.run(world->file_upkeep.render_next())) {}
    }

    World world;
    ToldPosters posters;
    Caller ada = world.caller("ada");
    model::ThreadId thread;
};

storage::Picture page() {
    return {.media_type = "image/png", .width = 1000, .height = 500, .thumbhash = "page"};
}

TEST_F(PosterUpkeep, a_file_shows_its_poster_in_several_widths) {
    posters.looks = page();
    const auto sent = send_file("plan.pdf", "%PDF-1.4\n");
    EXPECT_FALSE(sent.attachments.at(0).picture);
    upkeep();
    const auto message = now(sent);
    EXPECT_EQ(message.rev, sent.rev + 1);
    const model::File& file = message.attachments.at(0);
    EXPECT_EQ(file.media_type, "application/pdf");
    EXPECT_EQ(file.picture, (model::PictureFacts{1000, 500, "page"}));
    std::vector<std::uint32_t> widths;
    for (const auto& variant : file.variants) widths.push_back(variant.width);
    EXPECT_EQ(widths, (std::vector<std::uint32_t>{320, 320, 800, 800, 1000, 1000}));
}

TEST_F(PosterUpkeep, a_file_without_one_is_tried_once_and_stays_as_it_is) {
    const auto sent = send_file("plan.pdf", "%PDF-1.4\n");
    upkeep();
    upkeep();
    EXPECT_EQ(posters.drawn, std::vector<std::string>{"plan.pdf"});
    EXPECT_EQ(now(sent).rev, sent.rev);
    EXPECT_EQ(now(sent).attachments, sent.attachments);
}

TEST_F(PosterUpkeep, a_poster_that_is_no_picture_or_moves_is_none) {
    auto moving = page();
    moving.animated = true;
    for (Result<storage::Picture> looks :
         {Result<storage::Picture>(Error{.code = Errc::bad_image}),
          Result<storage::Picture>(moving)}) {
        posters.looks = std::move(looks);
        const auto sent = send_file("plan.pdf", "%PDF-1.4\n");
        upkeep();
        EXPECT_EQ(now(sent).attachments, sent.attachments);
    }
    EXPECT_EQ(posters.drawn.size(), 2U);
}

TEST_F(PosterUpkeep, files_of_other_types_are_not_tried) {
    posters.looks = page();
    (void)send_file("plan.pdf", "a text with the name of another");
    upkeep();
    EXPECT_TRUE(posters.drawn.empty());
}

}  // namespace
}  // namespace banter::service
