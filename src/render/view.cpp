// SPDX-License-Identifier: Apache-2.0
// Expands the embedded templates; ctemplate does the escaping.
#include "render/view.hpp"

#include "core/result.hpp"
#include "render/internal/templates.hpp"

#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_emitter.h>
#include <ctemplate/template_string.h>

namespace amate::render {
namespace {

constexpr std::string_view kEscape = "{{%AUTOESCAPE context=\"HTML\"}}";

ctemplate::TemplateString borrowed(const std::string& text) {
    return {text.data(), text.size()};
}

// Values are borrowed: `view` outlives the dictionary.
void fill(ctemplate::TemplateDictionary& dictionary, const View& view) {
    for (const auto& [name, value] : view.values())
        dictionary.SetValueWithoutCopy(borrowed(name), borrowed(value));
    for (const auto& [name, children] : view.sections())
        for (const auto& child : children)
            fill(*dictionary.AddSectionDictionary(borrowed(name)), child.view);
    for (const auto& [name, children] : view.includes()) {
        for (const auto& child : children) {
            auto* included = dictionary.AddIncludeDictionary(borrowed(name));
            included->SetFilename(borrowed(child.template_name));
            fill(*included, child.view);
        }
    }
}

}  // namespace

namespace internal {

std::unique_ptr<ctemplate::TemplateCache> parse_templates(const std::vector<Asset>& files) {
    auto cache = std::make_unique<ctemplate::TemplateCache>();
    for (const auto& file : files) {
        std::string text(file.bytes);
        if (!text.starts_with("{{%AUTOESCAPE")) text.insert(0, kEscape);
        const bool parsed = cache->StringToTemplateCache(std::string(file.name), text,
                                                         ctemplate::STRIP_BLANK_LINES);
        if (!parsed) throw Bug("template does not parse: " + std::string(file.name));
    }
    cache->Freeze();
    return cache;
}

std::string expand(const ctemplate::TemplateCache& templates, const std::string& template_name,
                   const View& view) {
    ctemplate::TemplateDictionary dictionary(borrowed(template_name));
    fill(dictionary, view);
    std::string html;
    ctemplate::StringEmitter emitter(&html);
    const bool expanded = templates.ExpandNoLoad(
        borrowed(template_name), ctemplate::STRIP_BLANK_LINES, &dictionary, nullptr, &emitter);
    if (!expanded) throw Bug("template cannot be shown: " + template_name);
    return html;
}

}  // namespace internal

void View::set(std::string name, std::string value) {
    values_.insert_or_assign(std::move(name), std::move(value));
}

View& View::add(const std::string& section) {
    return sections_[section].emplace_back(Child{}).view;
}

void View::show(const std::string& section) {
    if (!sections_.contains(section)) add(section);
}

View& View::include(const std::string& slot, const std::string& template_name) {
    return includes_[slot].emplace_back(Child{template_name, View{}}).view;
}

const std::map<std::string, std::deque<View::Child>>& View::sections() const {
    return sections_;
}

const std::map<std::string, std::deque<View::Child>>& View::includes() const {
    return includes_;
}

std::string render(const std::string& template_name, const View& view) {
    static const auto templates = internal::parse_templates(internal::embedded_templates());
    return internal::expand(*templates, template_name, view);
}

}  // namespace amate::render
