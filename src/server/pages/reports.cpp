// SPDX-License-Identifier: Apache-2.0
// The reports of the pack: their list, and each as the page it is.
#include "core/crypto.hpp"
#include "core/text.hpp"
#include "reports/report.hpp"
#include "server/pages/pages.hpp"

namespace amate::server::pages {
namespace {

// The figures as the public may see them.
std::vector<followup::FigureState> public_states(const Site& site, const Numbers& numbers) {
    auto states = numbers.states;
    for (auto& state : states) {
        if (!site.shown(state).differs_unseen) continue;
        state.how = followup::How::not_computable;
        state.computed.reset();
        state.cutoff.reset();
        state.sql.clear();
        state.obstacle = Problem{"reports.not_public", {}, {}};
    }
    return states;
}

// "year=2016;point=north"
std::vector<std::pair<std::string, std::string>> parse_settings(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto& setting : split(text, ';')) {
        if (setting.empty()) continue;
        const auto sign = setting.find('=');
        settings.emplace_back(setting.substr(0, sign),
                              sign == setting.npos ? "" : setting.substr(sign + 1));
    }
    return settings;
}

// The styles inside the page are let in by their digest. SPEC: Content Security Policy level 3,
// 2.3.1 (hash-source).
std::string policy_for(const std::string& html) {
    constexpr std::string_view kOpen = "<style>";
    const auto open = html.find(kOpen) + kOpen.size();
    const auto styles = std::string_view(html).substr(open, html.find("</style>", open) - open);
    return "default-src 'none'; style-src 'sha256-" + crypto::to_base64(crypto::sha256(styles)) +
           "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace

Result<Response> reports(const Site& site, const Request& request) {
    Page page(site, request, "reports.html", "reports");
    for (const auto& report : site.pack().reports) {
        const auto text = report.texts.find(page.language());
        if (text == report.texts.end()) continue;
        auto& row = page.body().add("REPORT");
        const auto url = page.link("/reports/" + percent_encode(report.name));
        auto title = text->second.title;
        for (const auto& [name, value] : report.parameters) {
            const auto mark = "${" + name + "}";
            for (auto at = title.find(mark); at != title.npos; at = title.find(mark)) {
                title.replace(at, mark.size(), value);
            }
        }
        row.set("URL", url);
        row.set("TITLE", title);
        row.set("SUMMARY", text->second.summary);
        row.set("NAME", report.name);
        std::string settings;
        for (const auto& [name, value] : report.parameters) {
            settings += (settings.empty() ? "" : ";") + name + "=" + value;
        }
        if (settings.empty()) continue;
        auto& form = row.add("SETTINGS");
        form.set("VALUE", settings);
        form.set("ACTION", url);
        form.set("ID", "set-" + report.name);
    }
    if (site.pack().reports.empty()) page.body().show("EMPTY");
    return page.finish(page.say("nav_reports"));
}

Result<Response> report(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto& manifest = numbers->manifest;
    std::vector<Date> days;
    for (const auto& document : site.pack().documents) days.push_back(document.date);
    if (manifest) days.push_back(manifest->cutoff);
    const std::lock_guard guard(numbers->tabulator_lock);
    AMATE_TRY(auto html,
              amate::reports::render_report(site.pack(), public_states(site, *numbers),
                                            {.report = request.get("name"),
                                             .language = request.language,
                                             .parameters = parse_settings(request.find("set")),
                                             .as_of = manifest       ? manifest->cutoff
                                                      : days.empty() ? Date()
                                                                     : days.front(),
                                             .invented = site.invented(),
                                             .manifest = manifest ? &*manifest : nullptr,
                                             .tabulator = numbers->tabulator.get(),
                                             .may_count = [&](const auto& register_) {
                                                 return site.may_tabulate(register_);
                                             }}));
    Response response;
    response.headers.emplace_back("Content-Security-Policy", policy_for(html));
    response.headers.emplace_back("Content-Language", request.language);
    response.body = std::move(html);
    return response;
}

}  // namespace amate::server::pages
