// SPDX-License-Identifier: Apache-2.0
// For tests only: a site over the invented country, with a few visits taken in and frozen.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "core/csv_rows.hpp"
#include "definitions/pack.hpp"
#include "ledger/unit_of_work.hpp"
#include "registry/ingest.hpp"
#include "server/site.hpp"
#include "snapshot/snapshot.hpp"
#include "store/session.hpp"

namespace amate::server {

enum class Data { invented, real };

class TestSite {
public:
    explicit TestSite(Data data) {
        auto pack = definitions::load_pack(std::string(AMATE_ROOT) + "/packs/demo");
        AMATE_CHECK(pack.has_value());
        pack_ = std::move(*pack);
        folder_ =
            std::filesystem::temp_directory_path() / ("amate-site-" + crypto::make_uuid_v7(0));
        auto workspace = store::make_workspace(folder_, pack_->directory, "sqlite:store.sqlite");
        AMATE_CHECK(workspace.has_value());
        workspace_ = *workspace;
        workspace_.invented = data == Data::invented;
        store::save_workspace(workspace_);
        take_in(
            "day,desk,topic,channel,minutes,resolved,clerk_note\n"
            "2017-03-01,capital,wage_claim,window,10,true,\n"
            "2017-03-02,capital,wage_claim,phone,20,true,\n"
            "2017-04-03,capital,wage_claim,phone,30,false,\n");
        freeze(*Date::of(2018, 6, 30));
        auto desk = Desk::open(*pack_, workspace_);
        AMATE_CHECK(desk.has_value());
        desk_ = std::move(*desk);
        site_ = std::make_unique<Site>(*pack_, workspace_, desk_.get());
        while (site_->numbers() == nullptr) std::this_thread::yield();
    }
    ~TestSite() {
        site_.reset();
        desk_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    TestSite(const TestSite&) = delete;
    TestSite& operator=(const TestSite&) = delete;

    [[nodiscard]] const Site& site() const { return *site_; }
    [[nodiscard]] const definitions::Pack& pack() const { return *pack_; }
    [[nodiscard]] const store::Workspace& workspace() const { return workspace_; }

    [[nodiscard]] std::string token_of(const std::string& user, const std::string& role,
                                       const std::string& purpose = "reception") const {
        return add_grant(workspace_.keys(), {{user, "hill_house", purpose}, {role}}, "now");
    }
    // Posts a file as the sockets hand it over: kept on disk.
    [[nodiscard]] Response send(const std::string& target, const std::string& token,
                                const std::string& bytes, const std::string& type) const {
        HttpRequest request{"POST", target, "en"};
        if (!token.empty()) request.authorization = "Bearer " + token;
        request.content_type = type;
        request.file = std::make_shared<exchange::Spool>(folder_);
        AMATE_CHECK(request.file->add(bytes).has_value());
        return site_->answer(request);
    }
    [[nodiscard]] Response ask(const std::string& method, const std::string& target,
                               const std::string& token, const std::string& body = "",
                               const std::string& key = "") const {
        HttpRequest request{method, target, "en"};
        if (!token.empty()) request.authorization = "Bearer " + token;
        request.idempotency_key = key;
        request.body = body;
        return site_->answer(request);
    }
    [[nodiscard]] Response get(const std::string& target, const std::string& language = "en",
                               const std::string& method = "GET") const {
        return site_->answer({method, target, language});
    }
    [[nodiscard]] boost::json::value get_json(const std::string& target) const {
        return boost::json::parse(get(target).body);
    }

    void freeze(Date cutoff) {
        const auto clock = make_fixed_clock({*Date::of(2018, 9, 1), 0}, 1'535'760'000'000);
        const auto session = store::open_session(workspace_, store::Session::Mode::read_only);
        NoProgress silent;
        AMATE_CHECK(snapshot::take_snapshot(*pack_, workspace_, *session, cutoff, *clock, silent)
                        .has_value());
    }

private:
    void take_in(const std::string& rows) {
        const auto clock = make_fixed_clock({*Date::of(2018, 9, 1), 0}, 1'535'760'000'000);
        const auto session = store::open_session(workspace_, store::Session::Mode::read_write);
        const ledger::Actor actor{"test", "test", "test"};
        {
            ledger::UnitOfWork unit(*session, workspace_.keys(), *clock, actor);
            AMATE_CHECK(unit.ensure_schema(*pack_).has_value());
            unit.commit({"workspace.init", "", "", "", "{}"});
        }
        const auto file = folder_ / "visits.csv";
        std::ofstream(file) << rows;
        NoProgress silent;
        const auto* source = pack_->find_source("help_desk_log");
        AMATE_CHECK(source != nullptr);
        const auto open = open_csv_rows(file, {});
        AMATE_CHECK(open.has_value());
        const auto batch = registry::ingest(*pack_, {*source, **open, file}, workspace_, *session,
                                            *clock, actor, silent);
        AMATE_CHECK(batch.has_value() && batch->accepted == 3);
    }

    std::filesystem::path folder_;
    std::unique_ptr<const definitions::Pack> pack_;
    store::Workspace workspace_;
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<Site> site_;
};

// Made once for all tests of a file: making one takes half a second.
inline const TestSite& invented_site() {
    static const TestSite kSite(Data::invented);
    return kSite;
}
inline const TestSite& real_site() {
    static const TestSite kSite(Data::real);
    return kSite;
}

}  // namespace amate::server
