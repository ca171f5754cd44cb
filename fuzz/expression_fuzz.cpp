// SPDX-License-Identifier: Apache-2.0
// Fuzzes the expression language: any bytes are refused or compiled, and then read in every way.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>

#include "core/csv.hpp"
#include "definitions/expression_columns.hpp"
#include "definitions/expression_random.hpp"

namespace {

namespace fs = std::filesystem;

using amate::Value;
using amate::definitions::ColumnBatch;
using amate::definitions::Dialect;
using amate::definitions::EncodedColumn;
using amate::definitions::internal::CaseWorld;

constexpr std::size_t kRows = 5;

struct Setting {
    CaseWorld world;
    std::vector<std::vector<Value>> records;
    ColumnBatch batch;

    Setting() {
        std::mt19937 random(1);
        batch.rows = kRows;
        for (std::size_t row = 0; row < kRows; ++row) {
            records.push_back(amate::definitions::internal::random_record(world, random));
        }
        for (std::size_t slot = 0; slot < world.environment.variables.size(); ++slot) {
            std::vector<Value> dictionary;
            EncodedColumn::Indices indices;
            for (std::uint32_t row = 0; row < kRows; ++row) {
                dictionary.push_back(records[row][slot]);
                indices.push_back(row);
            }
            batch.columns.emplace_back(std::move(dictionary), std::move(indices));
        }
    }
};

void write_seeds(const fs::path& folder) {
    fs::create_directories(folder);
    auto reader = amate::CsvReader::open(AMATE_ROOT "/tests/cases/expressions.csv", {});
    AMATE_CHECK(reader.has_value());
    amate::CsvRow row;
    for (int n = 0; reader->next(row).value(); ++n) {
        std::ofstream(folder / std::to_string(n), std::ios::binary) << row.cells.at(1);
    }
}

}  // namespace

// `--seeds=DIR` writes the expressions of the shared table as inputs to begin with, and stops.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    constexpr auto kFlag = std::string_view("--seeds=");
    for (int i = 1; i < *argc; ++i) {
        const std::string_view argument = (*argv)[i];
        if (!argument.starts_with(kFlag)) continue;
        write_seeds(fs::path(argument.substr(kFlag.size())));
        std::exit(0);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Setting setting;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto compiled =
        amate::definitions::compile(text, setting.world.environment, {"fuzz", 1, 1, ""});
    if (!compiled) {
        AMATE_CHECK(!compiled.error().empty());
        for (const auto& problem : compiled.error()) {
            AMATE_CHECK(!amate::text_of(problem, "es").empty());
        }
        return 0;
    }
    const auto& context = setting.world.context;
    const auto found = compiled->evaluate_columns(setting.batch, context);
    for (std::size_t row = 0; row < kRows; ++row) {
        const auto value = compiled->evaluate(setting.records[row], context);
        AMATE_CHECK(found.at(row) == value);
    }
    const auto name = [&](std::size_t slot) {
        return '/' + setting.world.environment.variables[slot].name;
    };
    static_cast<void>(compiled->to_xpath(name));
    for (const auto dialect : {Dialect::duckdb, Dialect::sqlite, Dialect::postgresql}) {
        static_cast<void>(compiled->to_sql(name, dialect, &context));
    }
    for (const auto* language : {"es", "en"}) AMATE_CHECK(!compiled->to_words(language).empty());
    return 0;
}
