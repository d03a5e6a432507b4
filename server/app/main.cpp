// The program: the command line and the environment, handed to the command.
#include "app/commands.hpp"

#include <unistd.h>

#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
    return banter::app::run(banter::app::parse_invocation(arguments, environment));
}
