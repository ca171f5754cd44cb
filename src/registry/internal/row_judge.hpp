// SPDX-License-Identifier: Apache-2.0
// One row of a source: homologated and judged, the same whether it comes in a file or mended.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/row_source.hpp"
#include "definitions/homologation.hpp"
#include "registry/internal/file_layout.hpp"
#include "registry/life.hpp"

namespace amate::registry::internal {

// Resource; one thread at a time. Borrows all.
class RowJudge {
public:
    RowJudge(const Circumstances& circumstances, const definitions::Source& source,
             const FileLayout& layout, std::string file);

    // True: the record has its values, state, flags and tasks. False: every reason was added to
    // `problems`, each with line and, where it is one cell's, column and header. The row has at
    // least as many cells as the layout has headers.
    [[nodiscard]] bool judge(const Row& row, store::StoredRecord& record, Problems& problems);
    [[nodiscard]] const std::vector<definitions::CellCodec>& codecs() const { return codecs_; }

private:
    bool homologate(const Row& row, std::vector<Value>& values, Problems& problems);
    void place(Problem& problem, const Row& row) const;

    const Circumstances& circumstances_;
    const definitions::Source& source_;
    const FileLayout& layout_;
    std::string file_;  // its name, for places
    std::vector<definitions::CellCodec> codecs_;
    std::vector<std::pair<std::size_t, Value>> unread_;  // columns no cell gives: their value
};

// Whether a row with these codes lost bytes or its alignment: correcting cells is not enough,
// somebody must have looked at the whole row.
[[nodiscard]] bool is_broken(std::string_view codes);

}  // namespace amate::registry::internal
