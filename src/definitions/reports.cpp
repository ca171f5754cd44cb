// SPDX-License-Identifier: Apache-2.0
// Reads reports/NAME.LANGUAGE.md: what stands before the text, prose, and parts between fences.
#include <algorithm>
#include <iterator>
#include <sstream>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

constexpr std::string_view kFolder = "reports";
constexpr std::string_view kFrame = "---";
constexpr std::string_view kFence = "```";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

class ReportReader {
public:
    ReportReader(Loading& loading, std::string file, const std::vector<std::string>& lines)
        : loading_(loading), file_(std::move(file)), lines_(lines) {}

    // The name it gives itself is `name`.
    ReportText read(const std::string& name, Report& report) {
        ReportText text;
        if (lines_.empty() || lines_.front() != kFrame) {
            fault("definitions.report_without_frame", 0);
            return text;
        }
        const auto end = std::find(lines_.begin() + 1, lines_.end(), kFrame);
        if (end == lines_.end()) {
            fault("definitions.report_without_frame", 0);
            return text;
        }
        const auto body = static_cast<std::size_t>(end - lines_.begin()) + 1;
        with_lines(1, body - 1, [&](const Cursor& root) { read_frame(root, name, report, text); });
        read_body(body, text);
        return text;
    }

private:
    void fault(const char* code, std::size_t line, Faults::Parameters parameters = {}) {
        loading_.faults.add(code, {file_, static_cast<int>(line) + 1, 1, {}},
                            std::move(parameters));
    }

    // YAML of the lines from `first` to before `end`; its places are those of the file.
    template <class Take>
    void with_lines(std::size_t first, std::size_t end, Take take) {
        std::string yaml(first, '\n');
        for (std::size_t i = first; i < end; ++i) yaml += lines_[i] + "\n";
        const YamlFile parsed(file_, yaml, loading_.faults, loading_.pack.languages);
        if (parsed.root().present()) take(parsed.root());
    }

    void read_frame(const Cursor& root, const std::string& name, Report& report, ReportText& text) {
        if (!root.expect_keys({"report", "title", "summary", "parameters"})) return;
        expect_file_name(root.get("report"), name);
        text.title = root.get("title").text();
        if (root.find("summary").present()) text.summary = root.find("summary").text();
        std::vector<std::pair<std::string, std::string>> parameters;
        for (const auto& [key, value] : root.find("parameters").entries()) {
            parameters.emplace_back(key.name(), value.text());
        }
        if (report.texts.empty()) {
            report.parameters = std::move(parameters);
        } else if (report.parameters != parameters) {
            root.fault("definitions.report_languages_differ",
                       {{"first", report.texts.begin()->first}});
        }
    }

    void read_body(std::size_t at, ReportText& text) {
        std::string prose;
        auto began = at;
        const auto end_prose = [&] {
            if (!trim(prose).empty()) {
                text.parts.push_back({place_of(began), {}, std::move(prose), {}});
            }
            prose.clear();
        };
        while (at < lines_.size()) {
            if (!lines_[at].starts_with(kFence)) {
                if (prose.empty()) began = at;
                prose += lines_[at++] + "\n";
                continue;
            }
            end_prose();
            at = read_part(at, text);
        }
        end_prose();
    }

    [[nodiscard]] Place place_of(std::size_t line) const {
        return {file_, static_cast<int>(line) + 1, 1, {}};
    }

    // The part whose fence opens on line `at`; where the lines behind it begin.
    std::size_t read_part(std::size_t at, ReportText& text) {
        const std::string kind(trim(std::string_view(lines_[at]).substr(kFence.size())));
        const auto close =
            std::find(lines_.begin() + static_cast<std::ptrdiff_t>(at) + 1, lines_.end(), kFence);
        if (close == lines_.end()) {
            fault("definitions.report_fence_open", at);
            return lines_.size();
        }
        const auto end = static_cast<std::size_t>(close - lines_.begin());
        ReportPart part{place_of(at), kind, {}, {}};
        part.node.place = part.place;
        const std::vector<std::string> kinds(std::begin(kReportParts), std::end(kReportParts));
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            loading_.faults.bad_value(part.place, kind, one_of(kinds), kinds);
        } else if (std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(at) + 1, close,
                               [](const auto& line) { return !trim(line).empty(); })) {
            with_lines(at + 1, end, [&](const Cursor& root) {
                if (!root.is(NodeKind::map)) static_cast<void>(root.expect_keys({}));
                part.node = root.to_data();
            });
        }
        text.parts.push_back(std::move(part));
        return end + 1;
    }

    Loading& loading_;
    std::string file_;
    const std::vector<std::string>& lines_;
};

Report& report_named(Pack& pack, const std::string& name) {
    const auto found = std::find_if(pack.reports.begin(), pack.reports.end(),
                                    [&](const auto& each) { return each.name == name; });
    if (found != pack.reports.end()) return *found;
    pack.reports.emplace_back().name = name;
    return pack.reports.back();
}

}  // namespace

void read_reports(Loading& loading) {
    const auto& languages = loading.pack.languages;
    for (const auto& stem : loading.names_in(kFolder, ".md")) {
        const auto file = std::string(kFolder) + "/" + stem + ".md";
        const auto dot = stem.rfind('.');
        const auto language = dot == stem.npos ? std::string() : stem.substr(dot + 1);
        if (std::find(languages.begin(), languages.end(), language) == languages.end()) {
            loading.faults.add("definitions.report_language", {file, 0, 0, {}},
                               {{"value", language}, {"expected", listed(languages)}});
            continue;
        }
        const auto bytes = loading.read_file(file);
        if (!bytes) continue;
        if (bytes->size() > kYamlBytesMax) {
            loading.faults.add("definitions.file_too_large", {file, 0, 0, {}},
                               {{"maximum", std::to_string(kYamlBytesMax >> 20U) + " MiB"}});
            continue;
        }
        if (const auto bad = find_invalid_utf8(*bytes)) {
            loading.faults.add("definitions.not_utf8", {file, 0, 0, {}},
                               {{"value", std::to_string(*bad)}});
            continue;
        }
        const auto name = stem.substr(0, dot);
        auto& report = report_named(loading.pack, name);
        const auto lines = lines_of(*bytes);
        auto text = ReportReader(loading, file, lines).read(name, report);
        report.texts.emplace(language, std::move(text));
    }
    for (const auto& report : loading.pack.reports) {
        for (const auto& language : languages) {
            if (report.texts.contains(language)) continue;
            const auto file = std::string(kFolder) + "/" + report.name + "." + language + ".md";
            loading.faults.add("definitions.report_language_missing", {file, 0, 0, {}},
                               {{"value", report.name}, {"language", language}});
        }
    }
}

}  // namespace amate::definitions::internal
