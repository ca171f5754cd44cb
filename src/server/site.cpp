// SPDX-License-Identifier: Apache-2.0
// Computes the figures in the background, takes up newer snapshots, decides what may be shown.
#include "server/site.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <spdlog/spdlog.h>

#include "server/routes.hpp"

namespace amate::server {
namespace {

constexpr auto kFreshnessPeriod = std::chrono::seconds(3);

const definitions::Framework* find_objectives(const definitions::Pack& pack) {
    if (const auto found = pack.frameworks.find("gcm"); found != pack.frameworks.end()) {
        return &found->second;
    }
    return pack.frameworks.empty() ? nullptr : &pack.frameworks.begin()->second;
}

bool is_guarded(const definitions::Register& register_) {
    return register_.sensitivity == definitions::Sensitivity::personal ||
           register_.sensitivity == definitions::Sensitivity::protected_;
}

}  // namespace

std::vector<std::string> spoken_languages(const definitions::Pack& pack) {
    std::vector<std::string> languages;
    for (const auto& language : pack.languages) {
        if (language == "es" || language == "en") languages.push_back(language);
    }
    if (languages.empty()) languages.push_back("en");
    return languages;
}

Site::Site(const definitions::Pack& pack, const store::Workspace& workspace, const Desk* desk)
    : pack_(pack),
      workspace_(workspace),
      desk_(desk),
      languages_(spoken_languages(pack)),
      objectives_(find_objectives(pack)),
      router_(all_routes()),
      search_(pack, objectives_, languages_),
      background_([this] { keep_fresh(); }) {}

Site::~Site() {
    {
        const std::lock_guard guard(lock_);
        stopping_ = true;
    }
    wake_.notify_all();
    background_.join();
}

std::shared_ptr<const Numbers> Site::numbers() const {
    const std::lock_guard guard(lock_);
    return numbers_;
}

// Changes whenever a snapshot is added, replaced or removed.
std::string Site::snapshots_stamp() const {
    namespace fs = std::filesystem;
    std::set<std::string> parts;
    std::error_code error;
    for (fs::directory_iterator it(workspace_.snapshots(), error), end; !error && it != end;
         it.increment(error)) {
        std::error_code missing;
        const auto written = fs::last_write_time(it->path() / "manifest.json", missing);
        if (missing) continue;
        parts.insert(it->path().filename().string() + "@" +
                     std::to_string(written.time_since_epoch().count()));
    }
    std::string stamp;
    for (const auto& part : parts) stamp += part + ";";
    return stamp;
}

std::shared_ptr<const Numbers> Site::compute() const {
    auto numbers = std::make_shared<Numbers>();
    if (auto manifest = snapshot::latest_snapshot(workspace_)) {
        numbers->manifest = std::move(*manifest);
        numbers->tabulator = std::make_unique<statistics::Tabulator>(*numbers->manifest);
    } else {
        spdlog::warn("no snapshot: {}", to_line(manifest.error().front()));
    }
    auto states = followup::compute_figures(
        pack_, numbers->manifest ? &*numbers->manifest : nullptr, numbers->tabulator.get());
    if (!states) {
        spdlog::error("figures cannot be computed: {}", to_line(states.error().front()));
        states = followup::compute_figures(pack_, nullptr, nullptr);
    }
    AMATE_CHECK(states.has_value());
    numbers->states = std::move(*states);
    for (const auto& state : numbers->states) numbers->by_figure[state.figure->id] = &state;
    numbers->findings = followup::audit(pack_);
    return numbers;
}

void Site::keep_fresh() {
    std::string taken = "none yet";
    std::unique_lock guard(lock_);
    while (!stopping_) {
        guard.unlock();
        std::shared_ptr<const Numbers> fresh;
        const auto stamp = snapshots_stamp();
        if (stamp != taken) {
            try {
                fresh = compute();
                spdlog::info("figures are computed, cut-off {}",
                             fresh->manifest ? fresh->manifest->cutoff.iso() : "none");
            } catch (const std::exception& failure) {
                spdlog::error("figures keep their last state: {}", failure.what());
            }
            taken = stamp;
        }
        guard.lock();
        if (fresh) numbers_ = std::move(fresh);
        wake_.wait_for(guard, kFreshnessPeriod, [this] { return stopping_; });
    }
}

const followup::FigureState& Site::state_of(const Numbers& numbers,
                                            const definitions::Figure& figure) const {
    const auto found = numbers.by_figure.find(figure.id);
    AMATE_CHECK(found != numbers.by_figure.end());
    return *found->second;
}

Share Site::share_of(const Numbers& numbers,
                     const std::vector<const definitions::Figure*>& figures) const {
    Share share;
    share.total = figures.size();
    for (const auto* figure : figures) {
        const auto& state = state_of(numbers, *figure);
        if (state.how != followup::How::computed) continue;
        ++share.computed;
        if (state.agrees()) ++share.equal;
    }
    return share;
}

Shown Site::shown(const followup::FigureState& state) const {
    Shown shown{state.computed, state.difference(), state.agrees(), false};
    if (invented() || !state.computed || shown.difference == 0) return shown;
    const auto* register_ =
        state.indicator == nullptr ? nullptr : pack_.find_register(state.indicator->register_name);
    if (register_ == nullptr || !is_guarded(*register_)) return shown;
    return {std::nullopt, std::nullopt, shown.agrees, true};
}

bool Site::may_tabulate(const definitions::Register& register_) const {
    return invented() || !is_guarded(register_);
}

Result<statistics::Table> Site::tabulate(const Numbers& numbers,
                                         const statistics::TableRequest& request) const {
    if (!may_tabulate(*request.register_)) {
        return fail(
            Problem{"server.table_needs_rights", {}, {{"register", request.register_->name}}});
    }
    if (!numbers.tabulator) return fail(Problem{"server.no_snapshot", {}, {}});
    const std::lock_guard guard(numbers.tabulator_lock);
    return numbers.tabulator->run(request);
}

}  // namespace amate::server
