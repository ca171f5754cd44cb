// SPDX-License-Identifier: Apache-2.0
// Knows callers by their tokens and takes up the file of grants when it changes.
#include "server/desk.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace amate::server {

Result<std::unique_ptr<Desk>> Desk::open(const definitions::Pack& pack,
                                         const store::Workspace& workspace) {
    AMATE_TRY(auto queue, registry::WriteQueue::open(pack, workspace, {}));
    return std::unique_ptr<Desk>(new Desk(pack, workspace, std::move(queue)));
}

void Desk::refresh() const {
    namespace fs = std::filesystem;
    const auto file = workspace_.keys() / "access.json";
    std::error_code error;
    const auto written = fs::last_write_time(file, error);
    const auto size = error ? 0 : fs::file_size(file, error);
    const auto stamp =
        error ? std::string() : fmt::format("{}/{}", written.time_since_epoch().count(), size);
    if (stamp == stamp_) return;
    grants_ = load_grants(workspace_.keys());
    stamp_ = stamp;
}

Result<registry::Caller> Desk::caller_of(std::string_view authorization) const {
    constexpr std::string_view kScheme = "Bearer ";
    const std::lock_guard guard(lock_);
    refresh();
    if (authorization.substr(0, kScheme.size()) == kScheme) {
        auto caller = find_caller(grants_, authorization.substr(kScheme.size()));
        if (caller) return std::move(*caller);
    }
    return fail(Problem{"server.sign_in_needed", {}, {}});
}

Result<store::StoredRecord> Desk::read(const definitions::Register& register_,
                                       const std::string& folio, const registry::Caller& caller,
                                       const registry::AsOf& moments) const {
    if (registry::leaves_entry(register_)) return queue_->read(register_, folio, caller, moments);
    const auto session = reader();
    const auto clock = make_system_clock(pack_.time_zone);
    return registry::Desk(pack_, workspace_, *session, *clock)
        .read(register_, folio, caller, moments);
}

Result<std::vector<store::StoredRecord>> Desk::history(const definitions::Register& register_,
                                                       const std::string& folio,
                                                       const registry::Caller& caller) const {
    if (registry::leaves_entry(register_)) return queue_->history(register_, folio, caller);
    const auto session = reader();
    const auto clock = make_system_clock(pack_.time_zone);
    return registry::Desk(pack_, workspace_, *session, *clock).history(register_, folio, caller);
}

Result<registry::FoundFile> Desk::find_file(const definitions::Register& register_,
                                            const std::string& folio,
                                            const registry::Caller& caller,
                                            const registry::WantedFile& wanted) const {
    if (registry::leaves_entry(register_)) {
        return queue_->find_file(register_, folio, caller, wanted);
    }
    const auto session = reader();
    const auto clock = make_system_clock(pack_.time_zone);
    return registry::Desk(pack_, workspace_, *session, *clock)
        .find_file(register_, folio, caller, wanted);
}

DateTime Desk::now() const {
    return make_system_clock(pack_.time_zone)->local_now();
}

std::unique_ptr<store::Session> Desk::reader() const {
    return store::open_session(workspace_, store::Session::Mode::read_only);
}

std::unique_ptr<store::Session> Desk::writer() const {
    return store::open_session(workspace_, store::Session::Mode::read_write);
}

}  // namespace amate::server
