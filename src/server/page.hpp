// SPDX-License-Identifier: Apache-2.0
// A public page: the frame all share (header, navigation, footer) around one template.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "render/view.hpp"
#include "server/message.hpp"
#include "server/site.hpp"

namespace amate::server {

using Words = std::vector<std::pair<std::string, std::string>>;

// Fills what a template says of itself: each {{T_NAME}} with the text `name` of the locale.
void fill_words(render::View& view, const std::string& template_name, const std::string& language);

class Page {
public:
    // `section` is the entry of the navigation it stands under ("programmes"), or "".
    Page(const Site& site, const Request& request, const std::string& template_name,
         const std::string& section);

    [[nodiscard]] render::View& body() { return *body_; }
    // A further template within a view, its words filled.
    render::View& include(render::View& parent, const std::string& slot,
                          const std::string& template_name) const;
    [[nodiscard]] std::string say(std::string_view key, const Words& parameters = {}) const;
    [[nodiscard]] const std::string& language() const { return request_.language; }
    // "/programmes/X" -> "/es/programmes/X".
    [[nodiscard]] std::string link(const std::string& path) const;
    [[nodiscard]] Response finish(const std::string& title, int status = 200);

private:
    void fill_navigation(const std::string& section);
    void fill_languages();

    const Site& site_;
    const Request& request_;
    render::View root_;
    render::View* body_ = nullptr;
};

// A page that says what went wrong and what to do.
[[nodiscard]] Response problem_page(const Site& site, const Request& request,
                                    const Problems& problems);

}  // namespace amate::server
