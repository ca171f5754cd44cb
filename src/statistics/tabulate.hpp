// SPDX-License-Identifier: Apache-2.0
// Counts over a snapshot: any dimensions of a register, filtered, by records, persons or distinct codes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "snapshot/snapshot.hpp"

namespace amate::statistics {

struct TableRequest {
    const definitions::Register* register_ = nullptr;
    std::vector<const definitions::Dimension*> by;
    definitions::Expression where;  // over register_->statistics_environment; may be empty
    Period period;                  // of the register's time; both ends included
    definitions::MeasureKind measure = definitions::MeasureKind::records;
    const definitions::Dimension* distinct = nullptr;  // for MeasureKind::distinct
};

struct Cell {
    std::vector<std::string> codes;  // one a dimension; "" = missing
    std::int64_t count = 0;
};

struct Table {
    std::vector<Cell> cells;  // non-empty cells only, in code list order
    std::int64_t total = 0;   // over all; for persons and distinct not the sum of the cells
    std::string sql;
    Date cutoff;
};

// Reads what --by, --where and --measure say. Problems: statistics.unknown_dimension and
// statistics.unknown_measure (with suggestions), and those of definitions::compile.
[[nodiscard]] Result<TableRequest> parse_request(const definitions::Register& register_,
                                                 const std::string& by, const std::string& where,
                                                 const std::string& measure);

// SQL of the request over the Parquet file `file`. Runs as it stands in DuckDB.
[[nodiscard]] Result<std::string> to_sql(const TableRequest& request, const std::string& file);

// Runs requests on one snapshot. Resource; one thread at a time.
class Tabulator {
public:
    explicit Tabulator(const snapshot::Manifest& manifest);
    ~Tabulator();
    Tabulator(const Tabulator&) = delete;
    Tabulator& operator=(const Tabulator&) = delete;
    // Problems: statistics.register_not_in_snapshot, definitions.expression_not_in_sql.
    [[nodiscard]] Result<Table> run(const TableRequest& request);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace amate::statistics
