// SPDX-License-Identifier: Apache-2.0
// Counts over a snapshot: any dimensions of a register, filtered, by records, persons or distinct
// codes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "snapshot/snapshot.hpp"

namespace amate::statistics {

enum class Measure : unsigned char {
    records,
    persons,     // distinct ones
    distinct,    // codes of a dimension
    sum,         // of a measure, each times a weight if there is one
    mean,        // of the records that have the measure
    percentile,  // of them: the smallest value that so many per cent do not exceed
    share        // of the records of which a condition is true
};

struct TableRequest {
    const definitions::Register* register_ = nullptr;
    // Dimensions of the register, or made of an expression over its statistics_environment.
    std::vector<const definitions::Dimension*> by;
    std::vector<std::shared_ptr<const definitions::Dimension>> made;  // owns those made
    definitions::Expression where;  // over register_->statistics_environment; may be empty
    Period period;                  // of the register's time; both ends included
    Measure measure = Measure::records;
    const definitions::Dimension* distinct = nullptr;  // of Measure::distinct
    const definitions::Dimension* summed = nullptr;    // of sum, mean and percentile
    const definitions::Dimension* weight = nullptr;    // of sum; null: 1
    int percent = 50;                                  // of percentile, 1 to 99
    definitions::Expression condition;                 // of share
    bool totals = false;  // also the cells of all codes together, of each dimension
    std::size_t cells_max = 1'000'000;

    [[nodiscard]] bool is_made(const definitions::Dimension* dimension) const;
    // A number that need not be whole: mean, percentile or share.
    [[nodiscard]] bool has_values() const { return measure > Measure::sum; }
};

// The code of a total, as SDMX writes it (Content-Oriented Guidelines 2016, annex 2).
inline constexpr const char* kTotalCode = "_T";

// A cell a combination of codes that occurs, in code list order, missing last and the total behind
// it; the last dimension changes fastest. A dimension of type `codes` is opened: a record stands in
// the cell of each of its codes, so that such cells overlap, and once in the total.
struct Table {
    // One a dimension: its codes in their order, of which cells hold the places; "" is missing (or,
    // of `codes`, none), kTotalCode the total.
    std::vector<std::vector<std::string>> codes;
    std::vector<std::uint32_t> places;  // cell by cell, one a dimension
    std::vector<std::int64_t> counts;   // one a cell; of a sum of money in whole units of currency;
                                        // of a mean, percentile or share the records it is of
    std::vector<double> values;         // of these alone, one a cell
    std::int64_t total = 0;             // each record, person or code once: the sum of the cells
                                        // only for records by dimensions that are not `codes`
    std::optional<double> total_value;  // of a mean, percentile or share of any record at all
    std::string sql;                    // runs as it stands in DuckDB from the workspace's folder
    Date cutoff;                        // of the snapshot

    [[nodiscard]] std::size_t size() const { return counts.size(); }  // cells
    [[nodiscard]] const std::string& code(std::size_t cell, std::size_t dimension) const {
        return codes[dimension][places[cell * codes.size() + dimension]];
    }
    // True if the codes of some dimension are taken together in it.
    [[nodiscard]] bool is_total(std::size_t cell) const {
        for (std::size_t at = 0; at < codes.size(); ++at) {
            if (code(cell, at) == kTotalCode) return true;
        }
        return false;
    }
};

// What --by, --where, --measure and --totals say; empty texts mean none, none and records.
struct TableWords {
    std::string by;     // dimensions, or expressions of a code, codes, whole number or truth value,
                        // parted by commas
    std::string where;  // an expression
    std::string measure;  // records, persons, distinct:DIMENSION, sum:MEASURE, sum:MEASURE*WEIGHT,
                          // mean:MEASURE, pNN:MEASURE or share:EXPRESSION
    bool totals = false;
};
// Problems: statistics.unknown_dimension, statistics.unknown_measure (with suggestions),
// statistics.dimension_type (an expression that gives no codes), statistics.dimension_twice,
// statistics.money_weight (money times money), statistics.too_many_dimensions (over
// kDimensionsMax), and those of definitions::compile.
inline constexpr std::size_t kDimensionsMax = 8;
[[nodiscard]] Result<TableRequest> parse_request(const definitions::Register& register_,
                                                 const TableWords& words);

// SQL of the cells of the request over the Parquet file `file`, in lines for people to read. Runs
// as it stands in DuckDB. Problem: definitions.expression_not_in_sql.
[[nodiscard]] Result<std::string> to_sql(const TableRequest& request, const std::string& file);

// Runs requests on one snapshot, over columns made once of each file (internal/columns.hpp). A file
// is checked against the manifest before it is first read and again whenever it changed on disk.
// Resource; one caller at a time; the manifest is copied. Throws IoFailure where the snapshot lacks
// a column that is asked for, cannot be read, or a sum is beyond 64 bits.
class Tabulator {
public:
    explicit Tabulator(const snapshot::Manifest& manifest);
    ~Tabulator();
    Tabulator(const Tabulator&) = delete;
    Tabulator& operator=(const Tabulator&) = delete;

    // Makes the columns of a register's file, so that the first table does not wait for them.
    // Problems: statistics.register_not_in_snapshot, snapshot.damaged.
    [[nodiscard]] Result<void> prepare(const definitions::Register& register_);

    // Nothing counted is not an error: no cells, total 0. Without `by`: one cell without codes.
    // Problems: statistics.register_not_in_snapshot, statistics.too_many_cells (over cells_max),
    // statistics.expression_too_wide (one made of columns of over a million combinations),
    // snapshot.damaged, definitions.expression_not_in_sql (a number nobody could count again).
    [[nodiscard]] Result<Table> run(const TableRequest& request);

    // The same tables as run() gives one by one, in the order of the requests; one that fails does
    // not stop the others. Requests of one register share one pass over its rows.
    [[nodiscard]] std::vector<Result<Table>> run_many(const std::vector<TableRequest>& requests);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// What people call a code of a table in `language` ("es", "en"; others as "en"): the label of the
// code list, yes and no, a number, or that it is not known.
[[nodiscard]] std::string label_of(const definitions::Dimension& dimension, std::string_view code,
                                   std::string_view language);
// "records", "persons" or "distinct:person.sex": what TableWords takes.
[[nodiscard]] std::string measure_name(const TableRequest& request);

// RFC 4180. Two columns a dimension (code, headed by its name; label, headed by its title), then
// the count; of a mean, percentile or share the records it is of and the number itself. Without
// `by`: one row with the total.
[[nodiscard]] std::string to_csv(const Table& table, const TableRequest& request,
                                 std::string_view language);
// {"register", "measure", "where", "period": {"first", "last"}, "cutoff", "total",
//  "total_value", "dimensions": [{"name", "title"}], "sql",
//  "cells": [{"codes", "labels", "count", "value"}]}; values are null but of a mean, percentile or
// share.
[[nodiscard]] std::string to_json(const Table& table, const TableRequest& request,
                                  std::string_view language);

}  // namespace amate::statistics
