// PDFs put together by hand, as text.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace banter::vips {

/// Of objects 1, 2 and so on, of which the first is the catalog.
///
/// trailer  more of it, as "/Encrypt 6 0 R"
inline std::string pdf_of(
    const std::vector<std::string>& objects,
    const std::string& trailer = ""
) {
    std::string file = "%PDF-1.4\n";
    std::string places;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        char place[24];
        std::snprintf(place, sizeof place, "%010zu 00000 n \n", file.size());
        places += place;
        file += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::string count = std::to_string(objects.size() + 1);
    return file + "xref\n0 " + count + "\n0000000000 65535 f \n" + places + "trailer\n<< /Size " +
           count + " /Root 1 0 R " + trailer + " >>\nstartxref\n" + std::to_string(file.size()) +
           "\n%%EOF\n";
}

inline std::string pdf_stream(const std::string& content, const std::string& more = "") {
    return "<< /Length " + std::to_string(content.size()) + " " + more + " >>\nstream\n" + content +
           "\nendstream";
}

/// Object 3 is the page, 4 its content; more may follow.
inline std::vector<std::string> page_objects(
    const std::string& content,
    const std::string& box = "0 0 600 800",
    const std::string& resources = ""
) {
    return {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [" + box + "] /Contents 4 0 R /Resources << " +
            resources + " >> >>",
        pdf_stream(content)};
}

/// Of one page.
inline std::string pdf_page(const std::string& content, const std::string& box = "0 0 600 800") {
    return pdf_of(page_objects(content, box));
}

}  // namespace banter::vips
