// A scanner that knows one malware, or is away, for tests.
#pragma once

#include "base/result.hpp"
#include "storage/virus_scanner.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::service {

class ScriptedScanner final : public storage::VirusScanner {
public:
    /// Finds it by its name, in the whole of a file.
    explicit ScriptedScanner(std::string malware) : malware_(std::move(malware)) {}

    enum class Away { no, at_begin, in_file, at_end };
    Away away = Away::no;
    /// Every file that it was given to its end.
    std::vector<std::string> seen;

    Task<std::unique_ptr<storage::VirusScan>> begin() override {
        fail_if(Away::at_begin);
        co_return std::make_unique<Scan>(*this);
    }

private:
    class Scan final : public storage::VirusScan {
    public:
        explicit Scan(ScriptedScanner& scanner) : scanner_(scanner) {}

        Task<> append(std::string_view chunk) override {
            scanner_.fail_if(Away::in_file);
            bytes_ += chunk;
            co_return;
        }
        Task<std::optional<std::string>> finish() override {
            scanner_.fail_if(Away::at_end);
            scanner_.seen.push_back(bytes_);
            if (bytes_.find(scanner_.malware_) == std::string::npos) co_return std::nullopt;
            co_return scanner_.malware_;
        }

    private:
        ScriptedScanner& scanner_;
        std::string bytes_;
    };

    void fail_if(Away when) const {
        if (away == when) throw StorageFailure(Errc::storage_unavailable, "the scanner is away");
    }

    std::string malware_;
};

}  // namespace banter::service
