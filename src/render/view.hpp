// SPDX-License-Identifier: Apache-2.0
// Pages from auto-escaping templates: a tree of values goes in, HTML comes out.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace amate::render {

// What a template shows: values by name, and sections, each of which may be repeated.
// Names are UPPER_CASE. Value type; children stay where they are while the parent lives.
class View {
public:
    void set(std::string name, std::string value);
    // Adds one more repetition of {{#NAME}}...{{/NAME}}; inside it, names of the parents are seen.
    View& add(const std::string& section);
    // Shows {{#NAME}}...{{/NAME}} once, with no values of its own.
    void show(const std::string& section);
    // Fills {{>NAME}} with the template `name` ("figure_row.html") and gives the view to fill;
    // added again, it is repeated. An included template sees the values of its own view only.
    View& include(const std::string& slot, const std::string& template_name);

    struct Child;
    [[nodiscard]] const std::map<std::string, std::string>& values() const { return values_; }
    [[nodiscard]] const std::map<std::string, std::deque<Child>>& sections() const;
    [[nodiscard]] const std::map<std::string, std::deque<Child>>& includes() const;

private:
    std::map<std::string, std::string> values_;
    std::map<std::string, std::deque<Child>> sections_;
    std::map<std::string, std::deque<Child>> includes_;
};

struct View::Child {
    std::string template_name;  // of an include; empty for a section
    View view;
};

// HTML of the template web/templates/`template_name`, built into the program. Values are escaped
// for where they stand (HTML text, attribute, URL), in every template, without asking for it.
// `{{NAME:none}}` leaves one as it is, for markup that this program made itself. A value that is
// a whole URL must be http, https or relative, else it becomes "#"; inside a URL it is escaped as
// HTML only, so escape parts of paths and queries before. Attribute values stand in quotes.
// An unknown template is a bug. Safe from many threads.
[[nodiscard]] std::string render(const std::string& template_name, const View& view);

// A file of web/static, built into the program ("amate.css"); nothing if there is none.
struct StaticFile {
    std::string_view name, bytes;
    std::string_view content_type;
};
[[nodiscard]] const StaticFile* find_static(std::string_view name);

// Text `key` in `language` ("es" or "en"; others fall back to "en"), parameters ({name}) filled in.
// Texts come from all files web/locales/NAME.LANGUAGE.json, one a module (report.es.json), each a
// flat object of key and text; keys begin with the module's name ("report.title"). A key in two
// files of one language, an unknown key and a parameter left unfilled are bugs. Not HTML: escape.
[[nodiscard]] std::string say(
    std::string_view language, std::string_view key,
    const std::vector<std::pair<std::string, std::string>>& parameters = {});

}  // namespace amate::render
