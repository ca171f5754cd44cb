// SPDX-License-Identifier: Apache-2.0
// What a request, or several together, must be answered, the first time and again.
#include <algorithm>

#include <fmt/format.h>

#include "registry/model/auditor.hpp"

namespace amate::registry::model {
namespace {

// Its own refusal, since the program that asks is told before any record is looked at.
bool lacks_reason(const Asked& asked) {
    const bool needed =
        asked.what == "withdraw" || asked.what == "reinstate" || asked.what == "reject";
    return needed && asked.reason.empty();
}

}  // namespace

Told Auditor::ask(const Asked& asked) {
    Told told;
    if (lacks_reason(asked)) {
        told.refusals = {"registry.bad_member reason"};
        return told;
    }
    const auto answer = answers_.find({asked.by.user, asked.key});
    if (!asked.key.empty() && answer != answers_.end()) {
        if (answer->second.digest != asked.digest) {
            told.refusals = {"registry.key_reused"};
            return told;
        }
        told = answer->second.told.front();
        told.repeated = true;
        return told;
    }
    Revision next;
    told.refusals = decide(asked, find(asked.register_name, asked.folio), next);
    std::sort(told.refusals.begin(), told.refusals.end());
    if (!told.refusals.empty()) return told;
    told = write(asked, std::move(next), 1);
    note("record." + asked.what, asked.register_name, asked.by.user);
    if (!asked.key.empty()) answers_[{asked.by.user, asked.key}] = {asked.digest, {told}};
    return told;
}

std::vector<Told> Auditor::ask_together(const std::vector<Asked>& all) {
    const auto& first = all.front();
    Told refused;
    const auto answer = answers_.find({first.by.user, first.key});
    if (!first.key.empty() && answer != answers_.end()) {
        auto told = answer->second.told;
        for (auto& each : told) each.repeated = true;
        if (answer->second.digest == first.digest) return told;
        refused.refusals = {"registry.key_reused"};
        return {refused};
    }
    std::vector<Revision> next(all.size());
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto path = fmt::format("changes[{}]", i);
        if (all[i].what != "create" && !seen.emplace(all[i].register_name, all[i].folio).second) {
            refused.refusals.push_back("registry.repeated_in_bulk " + path);
            continue;
        }
        const auto* life = find(all[i].register_name, all[i].folio);
        for (auto& each : decide(all[i], life, next[i])) {
            const auto space = each.find(' ');
            refused.refusals.push_back(space == each.npos
                                           ? each + " " + path
                                           : each.substr(0, space + 1) + path + ".fields." +
                                                 each.substr(space + 1));
        }
    }
    std::sort(refused.refusals.begin(), refused.refusals.end());
    if (!refused.refusals.empty()) return {refused};
    std::vector<Told> told;
    std::map<std::string, std::int64_t> rows;
    for (std::size_t i = 0; i < all.size(); ++i) {
        told.push_back(write(all[i], std::move(next[i]), ++rows[all[i].register_name]));
    }
    note("record.bulk", first.register_name, first.by.user);
    if (!first.key.empty()) answers_[{first.by.user, first.key}] = {first.digest, told};
    return told;
}

}  // namespace amate::registry::model
