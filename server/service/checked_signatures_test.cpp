// A signature that was checked is not checked again, whatever was found; one of another key is.
#include "service/checked_signatures.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::service {
namespace {

class CountingKey final : public VerificationKey {
public:
    explicit CountingKey(std::string name) : name_(std::move(name)) {}

    [[nodiscard]] std::string_view algorithm() const override { return "counted"; }
    [[nodiscard]] const Digest& fingerprint() const override { return fingerprint_; }
    [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const override {
        ++checked;
        return signature == name_ + " has signed " + std::string(text);
    }
    [[nodiscard]] std::string sign(const std::string& text) const {
        return name_ + " has signed " + text;
    }

    mutable int checked = 0;

private:
    std::string name_;
    Digest fingerprint_ = Sha256().bytes(name_).finish();
};

class CheckedSignaturesTest : public ::testing::Test {
protected:
    bool is_signed(const CountingKey& by, const std::string& text, std::size_t on = 0) {
        return checked.is_signed_by(by, text, by.sign(text), on);
    }

    asio::io_context first{1};
    asio::io_context second{1};
    metrics::Counter checks;
    CheckedSignatures checked{{first.get_executor(), second.get_executor()}, checks};
    CountingKey key{"one"};
};

TEST_F(CheckedSignaturesTest, each_is_checked_once) {
    for (int time = 0; time < 3; ++time) {
        for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(is_signed(key, std::to_string(i)));
    }
    EXPECT_EQ(key.checked, 1'000);
    EXPECT_EQ(checks.value(), 1'000U);
}

TEST_F(CheckedSignaturesTest, what_one_loop_has_checked_the_others_know) {
    EXPECT_TRUE(is_signed(key, "text", 0));
    second.poll();
    EXPECT_TRUE(is_signed(key, "text", 1));
    EXPECT_EQ(key.checked, 1);
}

TEST_F(CheckedSignaturesTest, another_text_signature_or_key_is_another_signature) {
    EXPECT_TRUE(is_signed(key, "text"));
    const std::string signature = key.sign("text");
    for (std::size_t at = 0; at < signature.size(); ++at) {
        std::string forged = signature;
        forged[at] = static_cast<char>(forged[at] ^ 1);
        EXPECT_FALSE(checked.is_signed_by(key, "text", forged, 0)) << at;
    }
    EXPECT_FALSE(checked.is_signed_by(key, "texts", signature, 0));
    EXPECT_FALSE(checked.is_signed_by(key, "tex", "t" + signature, 0));
    const CountingKey other{"other"};
    EXPECT_FALSE(checked.is_signed_by(other, "text", signature, 0));
    EXPECT_EQ(other.checked, 1) << "it was not believed for what another key has signed";
}

TEST_F(CheckedSignaturesTest, a_wrong_one_stays_wrong_at_the_cost_of_one_check) {
    for (int time = 0; time < 1'000; ++time) {
        EXPECT_FALSE(checked.is_signed_by(key, "text", "wrong", 0));
    }
    EXPECT_EQ(key.checked, 1);
    second.poll();
    EXPECT_FALSE(checked.is_signed_by(key, "text", "wrong", 1)) << "and nobody else is told of it";
    EXPECT_EQ(key.checked, 2);
    EXPECT_TRUE(is_signed(key, "text"));
    // The one key signs what the other has not.
    const CountingKey other{"other"};
    EXPECT_FALSE(checked.is_signed_by(key, "text", other.sign("text"), 0));
    EXPECT_TRUE(is_signed(other, "text")) << "it is wrong for one key only";
}

TEST_F(CheckedSignaturesTest, many_wrong_ones_drive_out_no_right_one) {
    EXPECT_TRUE(is_signed(key, "text"));
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_FALSE(checked.is_signed_by(key, "text", std::to_string(i), 0));
    }
    key.checked = 0;
    EXPECT_TRUE(is_signed(key, "text"));
    EXPECT_EQ(key.checked, 0);
}

TEST_F(CheckedSignaturesTest, of_more_than_are_kept_the_latest_are) {
    constexpr int many = 300'000;
    for (int i = 0; i < many; ++i) EXPECT_TRUE(is_signed(key, std::to_string(i)));
    key.checked = 0;
    for (int i = many - 1'000; i < many; ++i) EXPECT_TRUE(is_signed(key, std::to_string(i)));
    EXPECT_EQ(key.checked, 0);
    for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(is_signed(key, std::to_string(i)));
    EXPECT_GT(key.checked, 0);
}

}  // namespace
}  // namespace banter::service
