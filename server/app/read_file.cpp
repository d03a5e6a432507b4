#include "app/read_file.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace banter::app {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    if (file) text << file.rdbuf();
    if (!file || file.bad()) throw std::runtime_error("can't read " + path.string());
    return text.str();
}

}  // namespace banter::app
