// SPDX-License-Identifier: Apache-2.0
// Writes the invented file of each source that has a plan.
#include "synthesis/generate.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include "definitions/homologation.hpp"
#include "synthesis/internal/inventor.hpp"
#include "synthesis/internal/plan.hpp"

namespace amate::synthesis {
namespace {

constexpr std::size_t kFlushBytes = 1U << 20U;

// Records of each group at a scale: the whole is rounded, and the groups share it by largest
// remainder, so that no scale loses or gains records by rounding group by group.
std::vector<std::int64_t> scaled(const std::vector<Group>& groups, double scale) {
    std::vector<std::int64_t> counts;
    std::vector<double> rests;
    double whole = 0;
    for (const auto& group : groups) {
        const double exact = static_cast<double>(group.records) * scale;
        whole += exact;
        counts.push_back(static_cast<std::int64_t>(std::floor(exact)));
        rests.push_back(exact - std::floor(exact));
    }
    auto left = std::llround(whole) - std::accumulate(counts.begin(), counts.end(), 0LL);
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
    for (std::size_t i = 0; i < order.size() && left > 0; ++i, --left) ++counts[order[i]];
    return counts;
}

bool needs_names(const Plan& plan) {
    return std::any_of(plan.groups.begin(), plan.groups.end(), [](const auto& group) {
        return std::any_of(group.draws.begin(), group.draws.end(),
                           [](const auto& draw) { return draw.kind == DrawKind::names; });
    });
}

// One file; complete under its name or not there at all.
class FileWriter {
public:
    FileWriter(std::filesystem::path file, const Plan& plan)
        : file_(std::move(file)), unfinished_(file_), plan_(plan),
          codecs_(definitions::make_codecs(*plan.register_, *plan.source)), rows_(*plan.source) {
        unfinished_ += ".tmp";
        stream_.open(unfinished_, std::ios::binary | std::ios::trunc);
        for (const auto& codec : codecs_) rows_.add_cell(codec.header());
        for (const auto& header : plan.source->ignored_headers) rows_.add_cell(header);
        rows_.end_row();
    }
    ~FileWriter() {
        std::error_code ignored;
        if (!kept_) std::filesystem::remove(unfinished_, ignored);
    }
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    Result<void> add(const Group& group, const std::vector<Value>& record, Random& random) {
        for (const auto& codec : codecs_) {
            cell_.clear();
            if (!codec.write(record[codec.column()], random.next() >> 1U, cell_)) {
                return fail({"synthesis.no_spelling",
                             group.place,
                             {{"source", plan_.source->name},
                              {"column", plan_.register_->columns[codec.column()].name}}});
            }
            rows_.add_cell(cell_);
        }
        for (std::size_t i = 0; i < plan_.source->ignored_headers.size(); ++i) rows_.add_cell("");
        rows_.end_row();
        if (rows_.text().size() > kFlushBytes) flush();
        return {};
    }

    Result<void> keep() {
        flush();
        stream_.close();
        std::error_code error;
        if (stream_) std::filesystem::rename(unfinished_, file_, error);
        if (!stream_ || error) {
            return fail({"synthesis.file_unwritable", {}, {{"file", file_.string()}}});
        }
        kept_ = true;
        return {};
    }

private:
    void flush() {
        stream_ << rows_.text();
        rows_.text().clear();
    }

    std::filesystem::path file_, unfinished_;
    const Plan& plan_;
    std::vector<definitions::CellCodec> codecs_;
    definitions::SourceRowWriter rows_;
    std::ofstream stream_;
    std::string cell_;
    bool kept_ = false;
};

Result<SynthesisFile> write_file(const Plan& plan, const Names* names,
                                 const SynthesisOptions& options, Progress& progress) {
    SynthesisFile made{plan.source->name, options.out / (plan.source->name + ".csv"), 0};
    const auto counts = scaled(plan.groups, options.scale);
    const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    FileWriter file(made.file, plan);
    Inventor inventor(plan, names, options.seed);
    std::vector<Value> record;
    for (std::size_t i = 0; i < plan.groups.size(); ++i) {
        for (std::int64_t n = 0; n < counts[i]; ++n) {
            AMATE_TRY_VOID(inventor.invent(plan.groups[i], record));
            AMATE_TRY_VOID(file.add(plan.groups[i], record, inventor.random()));
            if (++made.rows % 4096 == 0) progress.advance(made.source, made.rows, total);
        }
    }
    AMATE_TRY_VOID(file.keep());
    return made;
}

}  // namespace

Result<std::vector<SynthesisFile>> generate(const definitions::Pack& pack,
                                            const SynthesisOptions& options, Progress& progress) {
    std::vector<Plan> plans;
    Problems problems;
    for (const auto& source : pack.sources) {
        const auto found = pack.synthesis.find(source.name);
        if (found == pack.synthesis.end()) continue;
        auto plan = read_plan(pack, source, found->second);
        if (plan) {
            plans.push_back(std::move(*plan));
        } else {
            problems.insert(problems.end(), plan.error().begin(), plan.error().end());
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    std::optional<Names> names;
    if (std::any_of(plans.begin(), plans.end(), needs_names)) {
        AMATE_TRY(names, read_names(std::filesystem::path(pack.directory) / "synthesis/names.csv"));
    }
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    std::vector<SynthesisFile> files;
    for (const auto& plan : plans) {
        AMATE_TRY(auto file, write_file(plan, names ? &*names : nullptr, options, progress));
        files.push_back(std::move(file));
    }
    return files;
}

}  // namespace amate::synthesis
