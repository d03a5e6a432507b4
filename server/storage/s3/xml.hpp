// The XML that S3 answers: elements and text. Pure, strict and bounded: no document types, no
// entities but the five and characters by number, no processing instructions but the declaration.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::s3 {

struct XmlElement {
    std::string name;
    /// Between its tags, entities decoded, without what its children hold.
    std::string text;
    std::vector<XmlElement> children;

    /// The first child of that name, or null.
    [[nodiscard]] const XmlElement* find(std::string_view child) const;
    /// Its text, or empty if there is none.
    [[nodiscard]] std::string_view text_of(std::string_view child) const;
};

/// Elements inside one another; S3 goes to five.
inline constexpr std::size_t xml_depth_max = 8;
/// Elements in all: a page of a list has a thousand objects of some eight.
inline constexpr std::size_t xml_elements_max = 20'000;

/// The root; nothing for anything that isn't well-formed or goes beyond the bounds. Attributes are
/// passed over.
[[nodiscard]] std::optional<XmlElement> parse_xml(std::string_view text);

/// `text` as the content of an element.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace banter::s3
