// SPDX-License-Identifier: Apache-2.0
// Answers table requests from a snapshot's files and puts their cells in code list order.
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "columnar/engine.hpp"
#include "statistics/internal/table_sql.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics {

namespace {

namespace fs = std::filesystem;
using definitions::Dimension;
using definitions::Type;

// What tells that a file on disk is no longer the one that was checked.
using FileState = std::tuple<dev_t, ino_t, off_t, std::int64_t, std::int64_t>;

std::optional<FileState> state_of(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return FileState{status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec};
}

std::string code_of(const columnar::EngineValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return "";
}

// Place of a code in its dimension: code list order, true before false, numbers rising, missing
// last.
std::int64_t rank_of(const Dimension& dimension, const std::string& code) {
    constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
    if (code.empty()) return kLast;
    if (dimension.type == Type::boolean) return code == "true" ? 0 : 1;
    if (dimension.type == Type::integer) {
        std::int64_t number = 0;
        std::from_chars(code.data(), code.data() + code.size(), number);
        return number;
    }
    AMATE_CHECK(dimension.codelist != nullptr);
    const auto found = dimension.codelist->index.find(code);
    // A code the pack no longer has: after those it has, before the missing ones.
    return found == dimension.codelist->index.end() ? kLast - 1
                                                    : static_cast<std::int64_t>(found->second);
}

void sort_cells(const TableRequest& request, std::vector<Cell>& cells) {
    using Ranked = std::pair<std::vector<std::int64_t>, Cell>;
    std::vector<Ranked> ranked;
    ranked.reserve(cells.size());
    for (auto& cell : cells) {
        std::vector<std::int64_t> ranks;
        for (std::size_t at = 0; at < request.by.size(); ++at) {
            ranks.push_back(rank_of(*request.by[at], cell.codes[at]));
        }
        ranked.emplace_back(std::move(ranks), std::move(cell));
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        return std::tie(a.first, a.second.codes) < std::tie(b.first, b.second.codes);
    });
    for (std::size_t at = 0; at < ranked.size(); ++at) cells[at] = std::move(ranked[at].second);
}

Problem too_many_cells() {
    return {"statistics.too_many_cells",
            Place{"", 0, 0, "by"},
            {{"maximum", std::to_string(Tabulator::kCellsMax)}}};
}

void check_adds_up(const Table& table) {
    std::int64_t sum = 0;
    for (const auto& cell : table.cells) sum += cell.count;
    AMATE_CHECK(sum == table.total);
}

// `codes` that are missing (NULL) and those that are none ("") are one cell.
Result<std::vector<Cell>> read_cells(columnar::Engine& engine, const TableRequest& request,
                                     const std::string& sql) {
    std::vector<Cell> cells;
    engine.query(sql, [&](const columnar::EngineRow& row) {
        AMATE_CHECK(row.size() == request.by.size() + 1);
        Cell cell;
        for (std::size_t at = 0; at < request.by.size(); ++at) {
            cell.codes.push_back(code_of(row[at]));
        }
        cell.count = std::get<std::int64_t>(row.back());
        const bool sum = request.measure == definitions::MeasureKind::sum;
        if (cell.count > 0 || sum) cells.push_back(std::move(cell));
        return cells.size() <= Tabulator::kCellsMax;
    });
    if (cells.size() > Tabulator::kCellsMax) return fail(too_many_cells());
    sort_cells(request, cells);
    return cells;
}

}  // namespace

struct Tabulator::State {
    explicit State(const snapshot::Manifest& manifest_)
        : manifest(manifest_), engine({manifest_.directory, {}}) {}

    [[nodiscard]] Result<const snapshot::SnapshotFile*> open(const TableRequest& request);
    [[nodiscard]] std::string path_of(const snapshot::SnapshotFile& file) const {
        return (manifest.directory / file.file).string();
    }
    [[nodiscard]] Result<std::string> shown_sql(const TableRequest& request,
                                                const snapshot::SnapshotFile& file) const;
    [[nodiscard]] Result<Table> table_of_total(const TableRequest& request,
                                               const snapshot::SnapshotFile& file,
                                               std::int64_t total) const;
    [[nodiscard]] Result<Table> run(const TableRequest& request);
    [[nodiscard]] Result<std::vector<std::int64_t>> run_batch(
        const snapshot::SnapshotFile& file, const std::vector<const TableRequest*>& requests);

    snapshot::Manifest manifest;
    columnar::Engine engine;
    std::map<std::string, FileState> checked;  // register -> file as it was when found sound
};

// The file of the request's register, sound.
Result<const snapshot::SnapshotFile*> Tabulator::State::open(const TableRequest& request) {
    AMATE_CHECK(request.register_ != nullptr);
    const auto& name = request.register_->name;
    const auto* file = manifest.find(name);
    if (file == nullptr) {
        return fail(Problem{"statistics.register_not_in_snapshot",
                            Place{},
                            {{"snapshot", manifest.cutoff.iso()}, {"register", name}}});
    }
    const auto now = state_of(path_of(*file));
    const auto before = checked.find(name);
    if (now && before != checked.end() && before->second == *now) return file;
    AMATE_TRY_VOID(snapshot::check_file(manifest, *file));
    if (now) checked.insert_or_assign(name, *now);
    return file;
}

// With the path as it is from the workspace's folder: what people read names no server's disk.
Result<std::string> Tabulator::State::shown_sql(const TableRequest& request,
                                                const snapshot::SnapshotFile& file) const {
    const auto& directory = manifest.directory;
    const auto shown = directory.parent_path().filename() / directory.filename() / file.file;
    return to_sql(request, shown.generic_string());
}

Result<Table> Tabulator::State::table_of_total(const TableRequest& request,
                                               const snapshot::SnapshotFile& file,
                                               std::int64_t total) const {
    Table table;
    table.total = total;
    table.cells.push_back({{}, total});
    table.cutoff = manifest.cutoff;
    AMATE_TRY(table.sql, shown_sql(request, file));
    return table;
}

Result<std::vector<std::int64_t>> Tabulator::State::run_batch(
    const snapshot::SnapshotFile& file, const std::vector<const TableRequest*>& requests) {
    AMATE_TRY(const auto sql, internal::batch_sql(requests, path_of(file)));
    std::vector<std::int64_t> counts;
    engine.query(sql, [&](const columnar::EngineRow& row) {
        for (const auto& value : row) counts.push_back(std::get<std::int64_t>(value));
        return false;
    });
    AMATE_CHECK(counts.size() == requests.size());
    return counts;
}

Result<Table> Tabulator::State::run(const TableRequest& request) {
    AMATE_TRY(const auto* file, open(request));
    auto whole = request;
    whole.by.clear();
    AMATE_TRY(const auto total_sql, to_sql(whole, path_of(*file)));
    const auto total = engine.query_integer(total_sql);
    if (request.by.empty()) return table_of_total(request, *file, total);

    AMATE_TRY(const auto sql, to_sql(request, path_of(*file)));
    Table table;
    table.total = total;
    table.cutoff = manifest.cutoff;
    AMATE_TRY(table.cells, read_cells(engine, request, sql));
    AMATE_TRY(table.sql, shown_sql(request, *file));
    if (internal::cells_add_up(request)) check_adds_up(table);
    return table;
}

Tabulator::Tabulator(const snapshot::Manifest& manifest)
    : state_(std::make_unique<State>(manifest)) {}

Tabulator::~Tabulator() = default;

Result<Table> Tabulator::run(const TableRequest& request) {
    return state_->run(request);
}

std::vector<Result<Table>> Tabulator::run_many(const std::vector<TableRequest>& requests) {
    std::vector<std::optional<Result<Table>>> answers(requests.size());
    std::map<const snapshot::SnapshotFile*, std::vector<std::size_t>> batches;
    for (std::size_t at = 0; at < requests.size(); ++at) {
        const auto& request = requests[at];
        const bool alone = !request.by.empty() || internal::opens_codes(request);
        if (alone || !internal::conditions_of(request)) {
            answers[at] = state_->run(request);
            continue;
        }
        auto file = state_->open(request);
        if (file) {
            batches[*file].push_back(at);
        } else {
            answers[at] = fail(std::move(file).error());
        }
    }
    for (const auto& [file, places] : batches) {
        std::vector<const TableRequest*> batch;
        for (const auto at : places) batch.push_back(&requests[at]);
        const auto counts = state_->run_batch(*file, batch);
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (counts) {
                answers[places[i]] =
                    state_->table_of_total(requests[places[i]], *file, (*counts)[i]);
            } else {
                answers[places[i]] = fail(counts.error());
            }
        }
    }
    std::vector<Result<Table>> tables;
    for (auto& answer : answers) tables.push_back(std::move(*answer));
    return tables;
}

}  // namespace amate::statistics
