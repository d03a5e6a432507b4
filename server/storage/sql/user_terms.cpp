#include "storage/sql/user_terms.hpp"

#include "storage/sql/fold.hpp"

#include <algorithm>

namespace banter::sql {

namespace {

/// Words of a name that a user is found by; nobody's has more.
constexpr std::size_t words_max = 8;

constexpr Statement add_term{
    "INSERT INTO user_terms (workspace_id, term, user_id) VALUES ($1, $2, $3)"};

// user_terms_by_user.
constexpr Statement drop_terms_of{"DELETE FROM user_terms WHERE user_id = $1"};

bool divides_words(char letter) {
    return std::string_view(" -_.,'()/").find(letter) != std::string_view::npos;
}

/// The text from each of its words on.
void add_words(std::string text, std::vector<std::string>& terms) {
    bool begins = true;
    std::size_t words = 0;
    for (std::size_t at = 0; at < text.size() && words < words_max; ++at) {
        const bool divides = divides_words(text[at]);
        if (begins && !divides) {
            terms.push_back(text.substr(at));
            ++words;
        }
        begins = divides;
    }
}

}  // namespace

std::vector<std::string> terms_of(std::string_view handle, std::string_view display_name) {
    std::vector<std::string> terms{std::string(handle)};
    add_words(std::string(handle), terms);
    add_words(folded(display_name), terms);
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

Task<> write_terms(Connection& connection, model::User user) {
    co_await connection.query(drop_terms_of, user.id);
    const auto terms = terms_of(user.handle, user.display_name);
    for (const std::string& term : terms) {
        co_await connection.query(add_term, user.workspace, term, user.id);
    }
}

Task<> drop_terms(Connection& connection, model::UserId user) {
    co_await connection.query(drop_terms_of, user);
}

}  // namespace banter::sql
