// SPDX-License-Identifier: Apache-2.0
// Answers table requests from a snapshot's files and puts their cells in code list order.
#include <sys/stat.h>

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

#include "statistics/internal/counting.hpp"
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

// Cells of sets of codes overlap, and persons and codes may stand in several cells.
bool cells_add_up(const TableRequest& request) {
    const auto is_whole = [](const Dimension* each) {
        return each == nullptr || each->type == Type::integer;
    };
    if (request.measure != Measure::records &&
        (request.measure != Measure::sum || !is_whole(request.summed) ||
         !is_whole(request.weight))) {
        return false;
    }
    return std::none_of(request.by.begin(), request.by.end(),
                        [](const Dimension* each) { return each->type == Type::codes; });
}

void check_adds_up(const Table& table) {
    std::int64_t sum = 0;
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        if (!table.is_total(cell)) sum += table.counts[cell];
    }
    AMATE_CHECK(sum == table.total);
}

// A share is put together of the records counted and those of which its condition is true.
TableRequest records_of(const TableRequest& request, bool with_condition) {
    auto records = request;
    records.measure = Measure::records;
    if (!with_condition) return records;
    records.where = request.condition;
    if (request.where.empty()) return records;
    // Each is sound by itself, and so are both.
    const auto both = "(" + request.where.source() + ") and (" + request.condition.source() + ")";
    records.where = *definitions::compile(both, request.register_->statistics_environment, Place{});
    return records;
}

Table share_of(Table records, const Table& true_of) {
    std::map<std::vector<std::string_view>, std::int64_t> counts;
    const auto codes_of = [](const Table& table, std::size_t cell) {
        std::vector<std::string_view> codes;
        for (std::size_t at = 0; at < table.codes.size(); ++at) {
            codes.push_back(table.code(cell, at));
        }
        return codes;
    };
    const auto share = [](std::int64_t part, std::int64_t whole) {
        return static_cast<double>(part) / static_cast<double>(whole);
    };
    for (std::size_t cell = 0; cell < true_of.size(); ++cell) {
        counts[codes_of(true_of, cell)] = true_of.counts[cell];
    }
    for (std::size_t cell = 0; cell < records.size(); ++cell) {
        const auto found = counts.find(codes_of(records, cell));
        records.values.push_back(
            share(found == counts.end() ? 0 : found->second, records.counts[cell]));
    }
    if (records.total != 0) records.total_value = share(true_of.total, records.total);
    return records;
}

}  // namespace

struct Tabulator::State {
    explicit State(const snapshot::Manifest& manifest_) : manifest(manifest_) {}

    [[nodiscard]] Result<const internal::Columns*> open(const definitions::Register& register_);
    [[nodiscard]] Result<std::string> shown_sql(const TableRequest& request) const;

    struct Opened {
        std::optional<FileState> file;  // as it was when found sound
        internal::Columns columns;
    };
    snapshot::Manifest manifest;
    std::map<std::string, Opened> opened;  // by register
};

// The columns of a register, of a sound file.
Result<const internal::Columns*> Tabulator::State::open(const definitions::Register& register_) {
    const auto& name = register_.name;
    const auto* file = manifest.find(name);
    if (file == nullptr) {
        return fail(Problem{"statistics.register_not_in_snapshot",
                            Place{},
                            {{"snapshot", manifest.cutoff.iso()}, {"register", name}}});
    }
    const auto now = state_of(manifest.directory / file->file);
    const auto before = opened.find(name);
    if (now && before != opened.end() && before->second.file == now) {
        return &before->second.columns;
    }
    AMATE_TRY_VOID(snapshot::check_file(manifest, *file));
    opened.erase(name);
    const auto fresh =
        opened.emplace(name, Opened{now, internal::Columns::open(manifest, *file, register_)});
    return &fresh.first->second.columns;
}

// With the path as it is from the workspace's folder: what people read names no server's disk.
Result<std::string> Tabulator::State::shown_sql(const TableRequest& request) const {
    const auto* file = manifest.find(request.register_->name);
    AMATE_CHECK(file != nullptr);
    const auto& directory = manifest.directory;
    const auto shown = directory.parent_path().filename() / directory.filename() / file->file;
    return to_sql(request, shown.generic_string());
}

Tabulator::Tabulator(const snapshot::Manifest& manifest)
    : state_(std::make_unique<State>(manifest)) {}

Tabulator::~Tabulator() = default;

Result<void> Tabulator::prepare(const definitions::Register& register_) {
    AMATE_TRY_VOID(state_->open(register_));
    return {};
}

Result<Table> Tabulator::run(const TableRequest& request) {
    return std::move(run_many({request}).front());
}

std::vector<Result<Table>> Tabulator::run_many(const std::vector<TableRequest>& requests) {
    std::vector<Result<Table>> answers(requests.size());
    std::map<const internal::Columns*, std::vector<std::size_t>> passes;
    for (std::size_t at = 0; at < requests.size(); ++at) {
        AMATE_CHECK(requests[at].register_ != nullptr);
        const auto columns = state_->open(*requests[at].register_);
        auto sql = columns ? state_->shown_sql(requests[at]) : fail(columns.error());
        if (!sql) {
            answers[at] = fail(std::move(sql).error());
            continue;
        }
        answers[at]->sql = *std::move(sql);
        passes[*columns].push_back(at);
    }
    for (const auto& [columns, places] : passes) {
        std::vector<const TableRequest*> pass;
        std::deque<TableRequest> parts;  // of shares, two each, behind the others
        for (const auto at : places) {
            const auto& request = requests[at];
            const bool share = request.measure == Measure::share;
            pass.push_back(share ? &parts.emplace_back(records_of(request, false)) : &request);
        }
        for (const auto at : places) {
            if (requests[at].measure != Measure::share) continue;
            pass.push_back(&parts.emplace_back(records_of(requests[at], true)));
        }
        auto counted = internal::count(*columns, pass);
        auto true_of = counted.begin() + static_cast<std::ptrdiff_t>(places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            auto& answer = answers[places[i]];
            if (requests[places[i]].measure == Measure::share) {
                // Whatever is too much for the part is too much for the whole.
                if (counted[i]) counted[i] = share_of(*std::move(counted[i]), **true_of);
                ++true_of;
            }
            if (counted[i]) {
                counted[i]->sql = std::move(answer->sql);
                counted[i]->cutoff = state_->manifest.cutoff;
                if (cells_add_up(*pass[i])) check_adds_up(*counted[i]);
            }
            answer = std::move(counted[i]);
        }
    }
    return answers;
}

}  // namespace amate::statistics
