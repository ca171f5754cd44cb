// SPDX-License-Identifier: Apache-2.0
// What handlers see: the pack, the newest snapshot with its figures, search, and rights.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "followup/audit.hpp"
#include "followup/figures.hpp"
#include "server/desk.hpp"
#include "server/http_server.hpp"
#include "server/router.hpp"
#include "server/search.hpp"
#include "snapshot/snapshot.hpp"
#include "statistics/tabulate.hpp"
#include "store/workspace.hpp"

namespace amate::server {

// All figures as one snapshot has them. Immutable once made.
struct Numbers {
    std::optional<snapshot::Manifest> manifest;  // none: there is no snapshot yet
    std::vector<followup::FigureState> states;   // in file order
    std::unordered_map<std::string_view, const followup::FigureState*> by_figure;
    std::vector<followup::Finding> findings;
    // One for all workers, behind a lock: the engine uses every core for one query already, and
    // one of them holds the open files and memory of only one.
    mutable std::mutex tabulator_lock;
    std::unique_ptr<statistics::Tabulator> tabulator;
};

// How many of some figures are counted from records.
struct Share {
    std::size_t computed = 0, equal = 0, total = 0;
};

// What the public may see of a figure.
struct Shown {
    std::optional<std::int64_t> computed;
    std::optional<std::int64_t> difference;
    bool agrees = false;          // counted, and what the figure says is so
    bool differs_unseen = false;  // it differs, and by how much is not for everybody
};

// The served country. Resource; safe from many threads.
class Site final : public Application {
public:
    // `desk` is borrowed; null: records are neither shown nor written.
    Site(const definitions::Pack& pack, const store::Workspace& workspace,
         const Desk* desk = nullptr);
    ~Site() override;
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    [[nodiscard]] Handling handling(const HttpRequest& head) const noexcept override;
    [[nodiscard]] bool must_wait(const HttpRequest& request) const override;
    [[nodiscard]] Response answer(const HttpRequest& request) const noexcept override;
    [[nodiscard]] Response refuse(const char* code) const noexcept override;

    [[nodiscard]] const definitions::Pack& pack() const { return pack_; }
    [[nodiscard]] const store::Workspace& workspace() const { return workspace_; }
    [[nodiscard]] bool invented() const { return workspace_.invented; }
    [[nodiscard]] const std::vector<std::string>& languages() const { return languages_; }
    [[nodiscard]] const Router& router() const { return router_; }
    // Handlers of routes that need the desk are not called without one.
    [[nodiscard]] const Desk& desk() const { return *desk_; }
    [[nodiscard]] const SearchIndex& search() const { return search_; }
    // The commitments that objectives are taken from: the framework `gcm`, or the first; may be
    // null.
    [[nodiscard]] const definitions::Framework* objectives() const { return objectives_; }

    // The figures, shared with whoever else reads them while a newer snapshot takes their place.
    // Null until first computed; handlers of routes that need figures never see null.
    [[nodiscard]] std::shared_ptr<const Numbers> numbers() const;
    [[nodiscard]] const followup::FigureState& state_of(const Numbers& numbers,
                                                        const definitions::Figure& figure) const;
    [[nodiscard]] Share share_of(const Numbers& numbers,
                                 const std::vector<const definitions::Figure*>& figures) const;
    [[nodiscard]] Shown shown(const followup::FigureState& state) const;

    // There is no sign-in and no disclosure control here, so that tables of personal and protected
    // registers are shown only when their people are invented.
    [[nodiscard]] bool may_tabulate(const definitions::Register& register_) const;
    // Problems: server.table_needs_rights, server.no_snapshot, and those of statistics.
    [[nodiscard]] Result<statistics::Table> tabulate(const Numbers& numbers,
                                                     const statistics::TableRequest& request) const;

private:
    [[nodiscard]] Response dispatch(const HttpRequest& http) const;
    [[nodiscard]] std::optional<Response> sign_in(const Route& route, Request& request) const;
    [[nodiscard]] Response carry_out(const Route& route, Request& request,
                                     const HttpRequest& http) const;
    [[nodiscard]] Response failure(const Request& request, Kind kind,
                                   const Problems& problems) const;
    [[nodiscard]] Response broken(const HttpRequest& http, const char* code,
                                  const char* reason) const;
    void keep_fresh();
    [[nodiscard]] std::shared_ptr<const Numbers> compute() const;
    [[nodiscard]] std::string snapshots_stamp() const;

    const definitions::Pack& pack_;
    const store::Workspace& workspace_;
    const Desk* desk_;
    std::vector<std::string> languages_;
    const definitions::Framework* objectives_ = nullptr;
    Router router_;
    SearchIndex search_;

    mutable std::mutex lock_;
    std::condition_variable wake_;
    std::shared_ptr<const Numbers> numbers_;
    bool stopping_ = false;
    std::thread background_;  // last: it uses everything above
};

// Languages that both the pack and the program speak; the pack's first one first.
[[nodiscard]] std::vector<std::string> spoken_languages(const definitions::Pack& pack);

}  // namespace amate::server
