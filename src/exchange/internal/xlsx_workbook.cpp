// SPDX-License-Identifier: Apache-2.0
// Follows the relationships of a workbook to one sheet; reads its strings and number formats.
#include "exchange/internal/xlsx_workbook.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "core/text.hpp"
#include "exchange/internal/xml_reader.hpp"

namespace amate::exchange::internal {
namespace {

constexpr std::size_t kBlockBytes = 1U << 20U;

int whole_number(std::string_view text, int otherwise) {
    int number = otherwise;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && at == end ? number : otherwise;
}

// Where a relationship of the part `from` leads, inside the archive: "" if out of it.
std::string resolve(std::string_view from, std::string_view target) {
    std::vector<std::string> path;
    if (!target.starts_with('/')) {
        path = split(from, '/');
        if (!path.empty()) path.pop_back();
    }
    for (const auto& step : split(target, '/')) {
        if (step.empty() || step == ".") continue;
        if (step != "..") {
            path.push_back(step);
        } else if (path.empty()) {
            return {};
        } else {
            path.pop_back();
        }
    }
    return fmt::format("{}", fmt::join(path, "/"));
}

struct Relationship {
    std::string type, target;
};

class Relationships final : public XmlHandler {
public:
    explicit Relationships(std::string from) : from_(std::move(from)) {}
    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name != "Relationship" || attributes.get("TargetMode") == "External") return;
        if (by_id.size() >= kZipPartsMax) return;
        const auto type = attributes.get("Type");
        by_id.emplace(attributes.get("Id"),
                      Relationship{std::string(type.substr(type.rfind('/') + 1)),
                                   resolve(from_, attributes.get("Target"))});
    }
    void end(std::string_view /*name*/) override {}
    void text(std::string_view /*text*/) override {}
    // The target of the first relationship of that type; "" if there is none.
    [[nodiscard]] std::string target_of(std::string_view type) const {
        for (const auto& [id, each] : by_id) {
            if (each.type == type) return each.target;
        }
        return {};
    }

    std::map<std::string, Relationship, std::less<>> by_id;

private:
    std::string from_;
};

struct SheetEntry {
    std::string name, id;
    bool hidden = false;
};

class WorkbookPart final : public XmlHandler {
public:
    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "workbookPr") {
            const auto flag = attributes.get("date1904");
            if (flag == "1" || flag == "true") date_system = DateSystem::from_1904;
        } else if (name == "sheet" && sheets.size() < kSheetsMax) {
            const auto state = attributes.get("state");
            sheets.push_back({std::string(attributes.get("name")),
                              std::string(attributes.get("id")),
                              !state.empty() && state != "visible"});
        }
    }
    void end(std::string_view /*name*/) override {}
    void text(std::string_view /*text*/) override {}

    DateSystem date_system = DateSystem::from_1900;
    std::vector<SheetEntry> sheets;
};

class StylesPart final : public XmlHandler {
public:
    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "numFmt") {
            codes_.insert_or_assign(whole_number(attributes.get("numFmtId"), -1),
                                    shape_of(attributes.get("formatCode")));
            too_many = too_many || codes_.size() > kStylesMax;
        } else if (name == "cellXfs") {
            in_cells_ = true;
        } else if (name == "xf" && in_cells_) {
            const auto format = whole_number(attributes.get("numFmtId"), 0);
            const auto code = codes_.find(format);
            shapes.push_back(code != codes_.end() ? code->second : builtin_shape(format));
            too_many = too_many || shapes.size() > kStylesMax;
        }
    }
    void end(std::string_view name) override { in_cells_ = in_cells_ && name != "cellXfs"; }
    void text(std::string_view /*text*/) override {}
    [[nodiscard]] bool enough() const override { return too_many; }

    std::vector<DateShape> shapes;
    bool too_many = false;

private:
    std::map<int, DateShape> codes_;  // numFmts stand before cellXfs
    bool in_cells_ = false;
};

class StringsPart final : public XmlHandler {
public:
    explicit StringsPart(SharedStrings& strings) : strings_(strings) {}
    void start(std::string_view name, const XmlAttributes& /*attributes*/) override {
        if (name == "si") {
            text_.clear();
        } else if (name == "rPh") {
            in_reading_ = true;  // how it is pronounced
        } else if (name == "t") {
            in_text_ = !in_reading_;
        }
    }
    void end(std::string_view name) override {
        if (name == "t") {
            in_text_ = false;
        } else if (name == "rPh") {
            in_reading_ = false;
        } else if (name == "si") {
            strings_.begin();
            too_many = too_many || !strings_.append(unescape_xlsx(text_));
        }
    }
    void text(std::string_view text) override {
        if (!in_text_) return;
        text_ += text;
        too_many = too_many || text_.size() > kSharedBytesMax;
    }
    [[nodiscard]] bool enough() const override { return too_many; }

    bool too_many = false;

private:
    SharedStrings& strings_;
    std::string text_;
    bool in_text_ = false;
    bool in_reading_ = false;
};

Problem problem(const char* code, const std::string& name,
                std::map<std::string, std::string> parameters = {}) {
    return {code, {name, 0, 0, {}}, std::move(parameters)};
}

// A chart may have a sheet of its own: only worksheets count.
Result<SheetEntry> choose_sheet(const WorkbookPart& part, const Relationships& relationships,
                                const std::string& sheet, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& each : part.sheets) {
        const auto found = relationships.by_id.find(each.id);
        if (found == relationships.by_id.end() || found->second.type != "worksheet") continue;
        if (sheet.empty() ? !each.hidden : each.name == sheet) return each;
        names.push_back(each.name);
    }
    const auto near = closest(sheet, names);
    return fail(
        problem("exchange.xlsx_no_sheet", name,
                {{"sheet", sheet},
                 {"suggestion_en", near ? fmt::format("; did you mean `{}`?", *near) : ""},
                 {"suggestion_es", near ? fmt::format("; ¿quiso decir `{}`?", *near) : ""}}));
}

Result<void> read_strings(ZipArchive& archive, const std::string& part, const std::string& name,
                          Workbook& workbook) {
    if (part.empty() || !archive.has(part)) return {};
    StringsPart strings(workbook.strings);
    AMATE_TRY_VOID(read_part(archive, part, strings, name));
    if (!strings.too_many) return {};
    return fail(problem("exchange.xlsx_too_many_strings", name,
                        {{"maximum", group_thousands(std::to_string(kSharedStringsMax))},
                         {"megabytes", std::to_string(kSharedBytesMax >> 20U)}}));
}

Result<void> read_styles(ZipArchive& archive, const std::string& part, const std::string& name,
                         Workbook& workbook) {
    if (part.empty() || !archive.has(part)) return {};
    StylesPart styles;
    AMATE_TRY_VOID(read_part(archive, part, styles, name));
    if (styles.too_many) {
        return fail(problem("exchange.xlsx_too_many_styles", name,
                            {{"maximum", group_thousands(std::to_string(kStylesMax))}}));
    }
    workbook.styles = std::move(styles.shapes);
    return {};
}

// The part that holds the relationships of `part`.
std::string relationships_of(const std::string& part) {
    const auto slash = part.rfind('/');
    const auto folder = slash == part.npos ? std::string() : part.substr(0, slash + 1);
    return fmt::format("{}_rels/{}.rels", folder, part.substr(folder.size()));
}

}  // namespace

void SharedStrings::begin() {
    starts_.push_back(bytes_);
}

bool SharedStrings::append(std::string_view text) {
    if (starts_.size() > kSharedStringsMax || bytes_ + text.size() > kSharedBytesMax) return false;
    bytes_ += text.size();
    while (!text.empty()) {
        if (blocks_.empty() || blocks_.back().size() == kBlockBytes) {
            blocks_.emplace_back().reserve(kBlockBytes);
        }
        const auto part = text.substr(0, kBlockBytes - blocks_.back().size());
        blocks_.back() += part;
        text.remove_prefix(part.size());
    }
    return true;
}

std::string SharedStrings::get(std::size_t index) const {
    AMATE_CHECK(index < starts_.size());
    auto at = starts_[index];
    const auto end = index + 1 < starts_.size() ? starts_[index + 1] : bytes_;
    std::string text;
    while (at < end) {
        const auto within = at % kBlockBytes;
        const auto size = std::min<std::uint64_t>(end - at, kBlockBytes - within);
        text.append(blocks_[at / kBlockBytes], within, size);
        at += size;
    }
    return text;
}

std::string unescape_xlsx(std::string_view text) {
    std::string plain;
    for (;;) {
        const auto at = text.find("_x");
        plain += text.substr(0, at);
        if (at == text.npos) return plain;
        text.remove_prefix(at);
        unsigned code = 0;
        const bool whole = text.size() >= 7 && text[6] == '_';
        const auto [end, error] =
            std::from_chars(text.data() + 2, text.data() + (whole ? 6 : 2), code, 16);
        // Only what stands for one byte: control characters and the underscore itself.
        if (!whole || error != std::errc() || end != text.data() + 6 || code == 0 || code > 0x7F) {
            plain += "_x";
            text.remove_prefix(2);
            continue;
        }
        plain += static_cast<char>(code);
        text.remove_prefix(7);
    }
}

Result<Workbook> read_workbook(ZipArchive& archive, const std::string& sheet,
                               const std::string& name) {
    std::string main = "xl/workbook.xml";
    if (archive.has("_rels/.rels")) {
        Relationships package("");
        AMATE_TRY_VOID(read_part(archive, "_rels/.rels", package, name));
        if (auto target = package.target_of("officeDocument"); !target.empty()) main = target;
    }
    const auto beside = relationships_of(main);
    if (!archive.has(main) || !archive.has(beside)) {
        return fail(problem("exchange.xlsx_no_workbook", name));
    }
    WorkbookPart part;
    AMATE_TRY_VOID(read_part(archive, main, part, name));
    Relationships relationships(main);
    AMATE_TRY_VOID(read_part(archive, beside, relationships, name));

    AMATE_TRY(const auto chosen, choose_sheet(part, relationships, sheet, name));
    Workbook workbook;
    workbook.sheet_name = chosen.name;
    workbook.sheet_part = relationships.by_id.find(chosen.id)->second.target;
    if (!archive.has(workbook.sheet_part)) {
        return fail(problem("exchange.xlsx_no_workbook", name));
    }
    workbook.date_system = part.date_system;
    AMATE_TRY_VOID(read_strings(archive, relationships.target_of("sharedStrings"), name, workbook));
    AMATE_TRY_VOID(read_styles(archive, relationships.target_of("styles"), name, workbook));
    return workbook;
}

}  // namespace amate::exchange::internal
