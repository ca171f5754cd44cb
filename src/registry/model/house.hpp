// SPDX-License-Identifier: Apache-2.0
// For tests only: the real engine beside the auditor; each operation is asked of both.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "registry/desk.hpp"
#include "registry/internal/test_desk.hpp"
#include "registry/model/auditor.hpp"
#include "registry/model/operations.hpp"

namespace amate::registry::model {

// What the engine did otherwise than it must; thrown to end a run.
struct Discrepancy {
    std::string text;
};

// A workspace of its own, filled by operations drawn from one seed. Resource.
class House {
public:
    explicit House(std::uint64_t seed);

    // One operation, or one transaction of several: how many. Throws Discrepancy.
    std::int64_t step();
    // Reads the store plainly and compares all that changed since the last time; `whole`: all.
    // Throws Discrepancy.
    enum class Scope { changed, whole };
    void audit(Scope scope);

    [[nodiscard]] const Auditor& auditor() const { return auditor_; }
    // What was done, one line an operation, oldest first.
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    // How often each kind was done or refused, and with which problem.
    [[nodiscard]] const std::map<std::string, std::int64_t>& counts() const { return counts_; }

private:
    [[nodiscard]] const definitions::Register& of(const std::string& name) const;
    Result<Request> request_of(const Asked& asked) const;
    void open_desk();
    void count(const std::string& what, const Refusals& refusals);
    void expect_told(const Asked& asked, const Told& told, const Result<Receipt>& found) const;
    void expect_refused(const std::string& what, const Refusals& wanted,
                        const Refusals& found) const;
    void expect_revision(const Life& life, const Revision& wanted,
                         const store::StoredRecord& found) const;
    void expect_life(const Life& life);

    std::int64_t do_requests();
    void do_bulk();
    void do_batch();
    void do_read();
    void do_history();
    void do_lapse();
    void do_rotate();
    void do_seal();
    void do_reopen();

    Operations operations_;
    Auditor auditor_;
    internal::TestDesk house_;
    std::unique_ptr<Desk> desk_;
    std::vector<std::string> lines_;
    std::map<std::string, std::int64_t> counts_;
    std::size_t quarantines_ = 0;
    std::int64_t seals_ = 0;
    std::int64_t sealed_ = 0;  // entries
};

}  // namespace amate::registry::model
