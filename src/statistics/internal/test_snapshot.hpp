// SPDX-License-Identifier: Apache-2.0
// For tests only: a snapshot written by hand, so that counting is tested apart from freezing.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "columnar/engine.hpp"
#include "snapshot/snapshot.hpp"
#include "snapshot/test_country.hpp"

namespace amate::statistics::internal {

// A record as a snapshot keeps it: values laid out as the register's statistics_environment.
struct TestRow {
    std::vector<Value> values;
    std::string person_key;  // "" is NULL
};

inline std::string sql_literal(const Value& value) {
    if (is_missing(value)) return "NULL";
    return columnar::quote_text(canonical(value));
}

inline std::string engine_type(definitions::Type type) {
    if (type == definitions::Type::boolean) return "BOOLEAN";
    if (type == definitions::Type::integer) return "BIGINT";
    return "VARCHAR";
}

// Writes the file of a register into `directory` and adds it to the manifest.
inline void write_register(snapshot::Manifest& manifest, const definitions::Register& register_,
                           const std::vector<TestRow>& rows) {
    columnar::Engine engine({manifest.directory, {}});
    std::string columns;
    for (const auto& dimension : register_.dimensions) {
        columns +=
            columnar::quote_name(dimension.sql_name) + " " + engine_type(dimension.type) + ", ";
    }
    engine.execute("CREATE TABLE t (" + columns + "\"time\" DATE, person_key VARCHAR)");
    std::string values;
    for (const auto& row : rows) {
        values += values.empty() ? "(" : ", (";
        for (const auto& value : row.values) values += sql_literal(value) + ", ";
        values += row.person_key.empty() ? "NULL" : columnar::quote_text(row.person_key);
        values += ")";
    }
    if (!values.empty()) engine.execute("INSERT INTO t VALUES " + values);
    const auto name = register_.name + ".parquet";
    const auto path = manifest.directory / name;
    engine.execute("COPY t TO " + columnar::quote_text(path.string()) + " (FORMAT parquet)");
    const auto persons = engine.query_integer("SELECT count(DISTINCT person_key) FROM t");
    std::erase_if(manifest.files, [&](const auto& file) { return file.file == name; });
    manifest.files.push_back({register_.name, name, crypto::to_hex(crypto::digest_of_file(path)),
                              static_cast<std::int64_t>(std::filesystem::file_size(path)),
                              static_cast<std::int64_t>(rows.size()), persons});
}

// A snapshot of the test pack in a folder to throw away.
class TestSnapshot {
public:
    TestSnapshot() : pack_(snapshot::make_test_pack()) {
        manifest_.cutoff = Date::of(2018, 8, 31).value();
        manifest_.directory = folder_.path() / "snapshots" / "2018-08-31";
        std::filesystem::create_directories(manifest_.directory);
    }
    [[nodiscard]] const definitions::Pack& pack() const { return *pack_; }
    [[nodiscard]] const definitions::Register& landing() const { return *pack_->registers[0]; }
    [[nodiscard]] const definitions::Register& visit() const { return *pack_->registers[1]; }
    [[nodiscard]] snapshot::Manifest& manifest() { return manifest_; }
    void write(const definitions::Register& register_, const std::vector<TestRow>& rows) {
        write_register(manifest_, register_, rows);
    }
    [[nodiscard]] std::filesystem::path file_of(const definitions::Register& register_) const {
        return manifest_.directory / (register_.name + ".parquet");
    }

private:
    snapshot::TestFolder folder_;
    std::unique_ptr<definitions::Pack> pack_;
    snapshot::Manifest manifest_;
};

}  // namespace amate::statistics::internal
