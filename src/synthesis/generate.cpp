// SPDX-License-Identifier: Apache-2.0
// Checks all plans, then writes file after file; each record is judged as ingest will judge it.
#include "synthesis/generate.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "definitions/pack.hpp"
#include "synthesis/internal/plan.hpp"
#include "synthesis/internal/record_drawer.hpp"

namespace amate::synthesis {
namespace {

using internal::Group;
using internal::Plan;

constexpr std::size_t kBufferBytes = 1U << 20U;
constexpr std::int64_t kRowsPerStep = 4096;

// Work of one run, told as a whole.
struct Run {
    internal::Shared& shared;
    const SynthesisOptions& options;
    Progress& progress;
    std::int64_t done = 0;
    std::int64_t total = 0;
    // Of each register and person field.
    std::map<std::string, internal::PersonKeys> person_keys;
};

Problem unwritable(const std::filesystem::path& file, std::string reason) {
    return {"core.file_unwritable",
            {file.string(), 0, 0, {}},
            {{"file", file.string()}, {"reason", std::move(reason)}}};
}

// A file under another name until it is whole.
class OutputFile {
public:
    explicit OutputFile(std::filesystem::path file)
        : file_(std::move(file)), unfinished_(file_.string() + ".part") {
        stream_.open(unfinished_, std::ios::binary | std::ios::trunc);
    }
    ~OutputFile() {
        std::error_code ignored;
        if (!finished_) std::filesystem::remove(unfinished_, ignored);
    }
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    Result<void> write(std::string& text) {
        stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
        text.clear();
        if (!stream_) return fail(unwritable(file_, std::strerror(errno)));
        return {};
    }
    Result<void> finish() {
        stream_.close();
        if (!stream_) return fail(unwritable(file_, std::strerror(errno)));
        std::error_code failed;
        std::filesystem::rename(unfinished_, file_, failed);
        if (failed) return fail(unwritable(file_, failed.message()));
        finished_ = true;
        return {};
    }

private:
    std::filesystem::path file_;
    std::filesystem::path unfinished_;
    std::ofstream stream_;
    bool finished_ = false;
};

// Writes the rows of one plan.
class PlanWriter {
public:
    PlanWriter(Run& run, const Plan& plan)
        : run_(run),
          plan_(plan),
          random_(run.options.seed, plan.source->name),
          drawer_(plan, run.shared.names, keys(), random_),
          rows_(*plan.source) {}

    Result<SynthesisFile> write(const std::vector<std::int64_t>& counts) {
        SynthesisFile made{plan_.source->name, run_.options.out / (plan_.source->name + ".csv"), 0};
        OutputFile file(made.file);
        for (const auto& column : plan_.source->columns) rows_.add_cell(column.header);
        for (const auto& header : plan_.source->ignored_headers) rows_.add_cell(header);
        rows_.end_row();
        for (std::size_t i = 0; i < plan_.groups.size(); ++i) {
            for (std::int64_t record = 0; record < counts[i]; ++record) {
                AMATE_TRY_VOID(add_row(plan_.groups[i]));
                if (rows_.text().size() >= kBufferBytes) AMATE_TRY_VOID(file.write(rows_.text()));
                if (++run_.done % kRowsPerStep == 0) tell();
            }
            made.rows += counts[i];
        }
        AMATE_TRY_VOID(file.write(rows_.text()));
        AMATE_TRY_VOID(file.finish());
        tell();
        return made;
    }

private:
    std::vector<internal::PersonKeys*> keys() {
        std::vector<internal::PersonKeys*> keys;
        for (const auto& field : plan_.register_->person_fields) {
            const auto name = plan_.register_->name + "/" + field;
            auto found = run_.person_keys.find(name);
            if (found == run_.person_keys.end()) {
                found =
                    run_.person_keys.try_emplace(name, run_.shared.pack, *plan_.register_, field)
                        .first;
            }
            keys.push_back(&found->second);
        }
        return keys;
    }

    void tell() { run_.progress.advance("inventing " + plan_.source->name, run_.done, run_.total); }

    [[nodiscard]] static Problem group_problem(const char* code, const Group& group) {
        return {code, group.place, {{"group", fmt::format("{}", group.number)}}};
    }

    Result<void> add_row(const Group& group) {
        if (!drawer_.draw(group, record_)) {
            return fail(group_problem("synthesis.persons_exhausted", group));
        }
        const auto judgement = definitions::judge(*plan_.register_, record_, {plan_.now});
        if (!judgement.accepted()) return fail(refused(group, judgement));
        for (const auto& codec : plan_.codecs) {
            cell_.clear();
            const bool written = codec.write(record_[codec.column()], random_.next(), cell_);
            if (!written || !rows_.add_cell(cell_)) {
                auto problem = group_problem("synthesis.value_unwritable", group);
                problem.parameters["column"] = codec.header();
                return fail(std::move(problem));
            }
        }
        for (std::size_t i = 0; i < plan_.source->ignored_headers.size(); ++i) rows_.add_cell({});
        rows_.end_row();
        return {};
    }

    [[nodiscard]] static Problem refused(const Group& group,
                                         const definitions::Judgement& judgement) {
        auto problem = group_problem("synthesis.record_refused", group);
        const auto& first = judgement.problems.front();
        problem.parameters["rule"] = first.code;
        problem.parameters["column"] = first.place.path;
        problem.parameters["reason_es"] = text_of(first, "es");
        problem.parameters["reason_en"] = text_of(first, "en");
        return problem;
    }

    Run& run_;
    const Plan& plan_;
    internal::Random random_;
    internal::RecordDrawer drawer_;
    definitions::SourceRowWriter rows_;
    std::vector<Value> record_;
    std::string cell_;
};

Result<std::vector<Plan>> read_plans(internal::Shared& shared) {
    std::vector<Plan> plans;
    Problems problems;
    for (const auto& [name, node] : shared.pack.synthesis) {
        auto plan = internal::read_plan(shared, name, node);
        if (plan) {
            plans.push_back(std::move(*plan));
        } else {
            problems.insert(problems.end(), plan.error().begin(), plan.error().end());
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return plans;
}

}  // namespace

Result<std::vector<SynthesisFile>> generate(const definitions::Pack& pack,
                                            const SynthesisOptions& options, Progress& progress) {
    AMATE_CHECK(options.scale > 0 && std::isfinite(options.scale));
    AMATE_TRY(auto names, internal::NamesBook::load(pack));
    internal::Shared shared{pack, std::move(names), {}};
    AMATE_TRY(const auto plans, read_plans(shared));
    std::error_code failed;
    std::filesystem::create_directories(options.out, failed);
    if (failed) return fail(unwritable(options.out, failed.message()));

    Run run{shared, options, progress, 0, 0, {}};
    std::vector<std::vector<std::int64_t>> counts;
    for (const auto& plan : plans) {
        counts.push_back(internal::scaled_records(plan, options.scale));
        for (const auto count : counts.back()) run.total += count;
    }
    std::vector<SynthesisFile> files;
    Problems problems;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        auto file = PlanWriter(run, plans[i]).write(counts[i]);
        if (file) {
            files.push_back(std::move(*file));
        } else {
            problems.insert(problems.end(), file.error().begin(), file.error().end());
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return files;
}

}  // namespace amate::synthesis
