// SPDX-License-Identifier: Apache-2.0
// Checks all plans, then writes file after file; each record is judged as ingest will judge it.
#include "synthesis/generate.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/csv.hpp"
#include "definitions/pack.hpp"
#include "synthesis/internal/plan.hpp"
#include "synthesis/internal/plan_faults.hpp"
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
    internal::People people;
};

double scale_of(const Plan& plan, const SynthesisOptions& options) {
    return options.demonstration ? options.scale * plan.demonstration : options.scale;
}

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
          drawer_(plan, run.shared, run.people, random_),
          rows_(*plan.source) {}

    Result<SynthesisFile> write(const std::vector<std::int64_t>& counts) {
        SynthesisFile made{plan_.source->name, run_.options.out / (plan_.source->name + ".csv"), 0};
        OutputFile file(made.file);
        for (const auto& column : plan_.source->columns) rows_.add_cell(column.header);
        for (const auto& header : plan_.source->ignored_headers) rows_.add_cell(header);
        rows_.end_row();
        std::optional<OutputFile> truth;
        if (run_.options.truth && !plan_.persons.empty()) {
            truth.emplace(run_.options.out / "truth" / (plan_.source->name + ".csv"));
            truth_ = csv_line(truth_headers());
        }
        for (std::size_t i = 0; i < plan_.groups.size(); ++i) {
            drawer_.begin(plan_.groups[i], counts[i], scale_of(plan_, run_.options));
            for (std::int64_t record = 0; record < counts[i]; ++record) {
                AMATE_TRY_VOID(add_row(plan_.groups[i]));
                if (rows_.text().size() >= kBufferBytes) AMATE_TRY_VOID(file.write(rows_.text()));
                if (truth) add_truth(made.rows + record + 1);
                if (truth_.size() >= kBufferBytes) AMATE_TRY_VOID(truth->write(truth_));
                if (++run_.done % kRowsPerStep == 0) tell();
            }
            made.rows += counts[i];
        }
        AMATE_TRY_VOID(file.write(rows_.text()));
        if (truth) {
            AMATE_TRY_VOID(truth->write(truth_));
            AMATE_TRY_VOID(truth->finish());
        }
        AMATE_TRY_VOID(file.finish());
        tell();
        return made;
    }

private:
    // Which person each row is of; rows count from 1, without the header.
    [[nodiscard]] std::vector<std::string> truth_headers() const {
        std::vector<std::string> headers{"row"};
        for (const auto& field : plan_.register_->person_fields) headers.push_back(field);
        return headers;
    }
    void add_truth(std::int64_t row) {
        truth_ += std::to_string(row);
        for (const auto number : drawer_.numbers()) truth_ += "," + std::to_string(number);
        truth_ += '\n';
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
        drawer_.spoil(record_);
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
    std::string truth_;
};

// Puts a file after those whose persons come again in it; otherwise by name.
class PlanOrder {
public:
    explicit PlanOrder(const std::vector<Plan>& plans) : plans_(plans), states_(plans.size()) {
        for (std::size_t i = 0; i < plans.size(); ++i) visit(i);
    }
    [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }
    [[nodiscard]] const Problems& problems() const { return problems_; }

private:
    enum class State : unsigned char { untouched, open, done };

    void visit(std::size_t at) {
        if (states_[at] == State::done) return;
        if (states_[at] == State::open) {
            internal::PlanFaults faults;
            const auto& name = plans_[at].source->name;
            faults.add(plans_[at].groups.front().place,
                       fmt::format("las personas de {} vendrían de sí mismas", name),
                       fmt::format("the persons of {} would come from themselves", name));
            problems_.push_back(faults.problems().front());
            return;
        }
        states_[at] = State::open;
        for (const auto& known : plans_[at].known) {
            for (std::size_t i = 0; i < plans_.size(); ++i) {
                if (plans_[i].source == known.source) visit(i);
            }
        }
        states_[at] = State::done;
        order_.push_back(at);
    }

    const std::vector<Plan>& plans_;
    std::vector<State> states_;
    std::vector<std::size_t> order_;
    Problems problems_;
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
    AMATE_TRY(auto variants, internal::VariantsBook::load(pack));
    internal::Shared shared{pack, std::move(names), std::move(variants), {}};
    AMATE_TRY(const auto plans, read_plans(shared));
    const PlanOrder order(plans);
    if (!order.problems().empty()) return fail(order.problems());
    std::error_code failed;
    std::filesystem::create_directories(options.out, failed);
    if (failed) return fail(unwritable(options.out, failed.message()));

    if (options.truth) std::filesystem::create_directories(options.out / "truth", failed);
    if (failed) return fail(unwritable(options.out / "truth", failed.message()));

    Run run{shared, options, progress, 0, 0, {}};
    std::vector<std::vector<std::int64_t>> counts;
    for (const auto& plan : plans) {
        counts.push_back(internal::scaled_records(plan, scale_of(plan, options)));
        for (const auto count : counts.back()) run.total += count;
    }
    std::vector<SynthesisFile> files(plans.size());
    Problems problems;
    for (const auto i : order.order()) {
        auto file = PlanWriter(run, plans[i]).write(counts[i]);
        if (file) {
            files[i] = std::move(*file);
        } else {
            problems.insert(problems.end(), file.error().begin(), file.error().end());
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return files;
}

}  // namespace amate::synthesis
