// SPDX-License-Identifier: Apache-2.0
// Where a carried ledger is cut, and what of each table belongs before the cut.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ledger/internal/seal_store.hpp"
#include "ledger/restore.hpp"

namespace amate::ledger::internal {

// What the entries and seals of a carried store tell of its state at the last entry taken over.
struct Cut {
    Entry last;                    // the last entry taken over
    Entry head;                    // the last entry there is
    std::optional<Seal> seal;      // the last one that covers no entry behind the cut
    std::int64_t definitions = 0;  // kept until the cut
    std::map<std::string, std::int64_t> witnessed;  // entries held of other ledgers, by key
    // Made behind the cut: tables, "table.column" added, "table.column" made wider.
    std::set<std::string, std::less<>> later_tables, later_columns, later_types;
};

// Problems: ledger.restore_no_entry, ledger.restore_none_by.
[[nodiscard]] Result<Cut> find_cut(CarriedStore& from, const RestorePoint& point);

// The table as it was at the cut; nothing if it was not there. Columns are some of those carried.
[[nodiscard]] std::optional<store::TableShape> shape_at(const Cut& cut,
                                                        const store::TableShape& carried);

// Takes rows of one carried table to the rows the table had at the cut. Borrows the cut.
class RowCutter {
public:
    RowCutter(const Cut& cut, const store::TableShape& carried, const store::TableShape& wanted);
    // False: the row came behind the cut. Throws IoFailure if the row is none of its table.
    [[nodiscard]] bool take(const store::SqlRow& carried, store::SqlRow& row) const;

private:
    [[nodiscard]] bool belongs(const store::SqlRow& carried) const;
    [[nodiscard]] std::int64_t number(const store::SqlRow& row, std::string_view column) const;
    [[nodiscard]] const std::string& text(const store::SqlRow& row, std::string_view column) const;

    const Cut& cut_;
    std::string table_;
    std::map<std::string, std::size_t, std::less<>> places_;
    std::vector<std::pair<std::size_t, bool>> cells_;  // place, and whether to narrow it again
};

}  // namespace amate::ledger::internal
