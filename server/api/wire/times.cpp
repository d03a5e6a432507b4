#include "api/wire/times.hpp"

#include <array>
#include <chrono>

namespace banter::api::wire {

namespace {

template <std::size_t Digits>
char* write_digits(char* at, unsigned number) {
    for (std::size_t i = Digits; i-- > 0; number /= 10)
        at[i] = static_cast<char>('0' + number % 10);
    return at + Digits;
}

/// Reads digits off the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] int digits(std::size_t count) {
        int number = 0;
        for (std::size_t i = 0; i < count; ++i) number = number * 10 + digit();
        return number;
    }

    void expect(std::string_view letters) {
        if (rest_.empty() || letters.find(rest_.front()) == std::string_view::npos) {
            failed_ = true;
        } else {
            rest_.remove_prefix(1);
        }
    }

    [[nodiscard]] bool next_is(char letter) const {
        return !rest_.empty() && rest_.front() == letter;
    }
    [[nodiscard]] bool next_is_digit() const {
        return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    }
    [[nodiscard]] bool ended_well() const { return rest_.empty() && !failed_; }

private:
    int digit() {
        if (!next_is_digit()) {
            failed_ = true;
            return 0;
        }
        const int value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }

    std::string_view rest_;
    bool failed_ = false;
};

/// The milliseconds of a fraction; what is finer is cut off. Negative: too many digits.
int read_fraction(Reader& reader) {
    if (!reader.next_is('.')) return 0;
    reader.expect(".");
    int ms = reader.digits(1) * 100;
    int unit = 10;
    for (int count = 1; reader.next_is_digit(); ++count, unit /= 10) {
        if (count == 9) return -1;
        ms += reader.digits(1) * unit;
    }
    return ms;
}

/// Minutes to subtract; nothing if they are none.
std::optional<std::chrono::minutes> read_offset(Reader& reader) {
    if (reader.next_is('Z') || reader.next_is('z')) {
        reader.expect("Zz");
        return std::chrono::minutes(0);
    }
    const bool west = reader.next_is('-');
    reader.expect("+-");
    const int hours = reader.digits(2);
    reader.expect(":");
    const int minutes = reader.digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    const std::chrono::minutes offset(hours * 60 + minutes);
    return west ? -offset : offset;
}

}  // namespace

void append_time(std::string& out, Timestamp time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    auto rest = static_cast<unsigned>((time - day).count());
    std::array<char, 26> text;
    char* at = text.data();
    const auto write = [&](char letter) { *at++ = letter; };
    write('"');
    at = write_digits<4>(at, static_cast<unsigned>(static_cast<int>(date.year())));
    write('-');
    at = write_digits<2>(at, static_cast<unsigned>(date.month()));
    write('-');
    at = write_digits<2>(at, static_cast<unsigned>(date.day()));
    write('T');
    at = write_digits<2>(at, rest / 3'600'000);
    write(':');
    rest %= 3'600'000;
    at = write_digits<2>(at, rest / 60'000);
    write(':');
    rest %= 60'000;
    at = write_digits<2>(at, rest / 1'000);
    write('.');
    at = write_digits<3>(at, rest % 1'000);
    write('Z');
    write('"');
    out.append(text.data(), text.size());
}

void append_time(std::string& out, std::optional<Timestamp> time) {
    if (time) {
        append_time(out, *time);
    } else {
        out += "null";
    }
}

std::optional<Timestamp> parse_time(std::string_view text) {
    Reader reader(text);
    const std::chrono::year year(reader.digits(4));
    reader.expect("-");
    const std::chrono::month month(static_cast<unsigned>(reader.digits(2)));
    reader.expect("-");
    const std::chrono::day day(static_cast<unsigned>(reader.digits(2)));
    reader.expect("Tt");
    const int hours = reader.digits(2);
    reader.expect(":");
    const int minutes = reader.digits(2);
    reader.expect(":");
    const int seconds = reader.digits(2);
    const int ms = read_fraction(reader);
    const auto offset = read_offset(reader);
    const std::chrono::year_month_day date(year, month, day);
    if (!reader.ended_well() || !date.ok() || !offset || ms < 0) return std::nullopt;
    if (hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;  // 60: a leap second
    return std::chrono::sys_days(date) + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
           std::chrono::seconds(seconds) + std::chrono::milliseconds(ms) - *offset;
}

}  // namespace banter::api::wire
