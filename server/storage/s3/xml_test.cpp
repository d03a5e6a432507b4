// The XML of answers: what is read, and that nothing else is.
#include "storage/s3/xml.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::s3 {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

TEST(Xml, elements_texts_and_attributes_are_read) {
    const auto root = parse_xml(
        "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<List xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\" a = 'x>y' >\n"
        "  <Key>a/b</Key><Empty/><Empty2 /><Key>second</Key ><a:b-c.d>n</a:b-c.d>\n</List>\n"
    );
    ASSERT_TRUE(root);
    EXPECT_EQ(root->name, "List");
    EXPECT_EQ(root->children.size(), 5U);
    EXPECT_EQ(root->text_of("Key"), "a/b");
    EXPECT_EQ(root->text_of("Empty"), "");
    EXPECT_EQ(root->text_of("absent"), "");
    EXPECT_EQ(root->find("absent"), nullptr);
    EXPECT_EQ(root->text_of("a:b-c.d"), "n");
}

TEST(Xml, entities_are_decoded) {
    const auto root =
        parse_xml("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#xe9;&#x20ac;&#x1F600;</a>");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->text, "<>&\"'AB\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(Xml, what_is_escaped_is_read_back) {
    const std::string text = "<a>&amp;\"'&";
    EXPECT_EQ(parse_xml("<x>" + xml_escaped(text) + "</x>")->text, text);
}

TEST(Xml, what_is_not_well_formed_is_refused) {
    for (const char* text :
         {"",
          " ",
          "text",
          "<a>",
          "<a></b>",
          "<a></ab>",
          "<a></a",
          "<a></a><b/>",
          "<a></a>text",
          "<a b></a>",
          "<a b=c></a>",
          "<a b=\"c></a>",
          "<a b='c'd='e'></a>",
          "<1a/>",
          "< a/>",
          "<a/ >",
          "<a>&unknown;</a>",
          "<a>&;</a>",
          "<a>&lt</a>",
          "<a>&#0;</a>",
          "<a>&#xd800;</a>",
          "<a>&#x110000;</a>",
          "<a>&#-1;</a>",
          "<a>&#99999999999;</a>",
          "<a>\x01</a>",
          "<?xml <a/>",
          "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
          "<a><!-- comment --></a>",
          "<a><![CDATA[x]]></a>",
          "<a><?php ?></a>"}) {
        EXPECT_FALSE(parse_xml(text)) << text;
    }
    EXPECT_FALSE(parse_xml(std::string_view("<a>\0</a>", 8)));
}

TEST(Xml, what_is_cut_off_anywhere_is_refused) {
    const std::string whole = "<?xml version='1.0'?><a b='c'><d>&amp;</d><e/></a>";
    ASSERT_TRUE(parse_xml(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_xml(std::string_view(whole).substr(0, size))) << size;
    }
}

TEST(Xml, depth_and_number_are_bounded) {
    EXPECT_TRUE(parse_xml(repeated("<a>", xml_depth_max) + repeated("</a>", xml_depth_max)));
    EXPECT_FALSE(parse_xml(repeated("<a>", xml_depth_max + 1) + repeated("</a>", xml_depth_max + 1))
    );
    EXPECT_FALSE(parse_xml(repeated("<a>", 100'000)));
    EXPECT_TRUE(parse_xml("<r>" + repeated("<a/>", xml_elements_max - 1) + "</r>"));
    EXPECT_FALSE(parse_xml("<r>" + repeated("<a/>", xml_elements_max) + "</r>"));
}

}  // namespace
}  // namespace banter::s3
