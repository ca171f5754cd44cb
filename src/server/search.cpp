// SPDX-License-Identifier: Apache-2.0
// Ranks entries by where and how well the words of a query match; a pack is small, so all are read.
#include "server/search.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "core/text.hpp"
#include "render/view.hpp"
#include "server/message.hpp"

namespace amate::server {
namespace {

constexpr std::size_t kTermsMax = 12;
constexpr std::size_t kFoundMax = 200;

bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// Stretches of a text, words and what stands between them in turn.
std::vector<std::string_view> stretches(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at + 1;
        while (end < text.size() && is_word_byte(text[end]) == is_word_byte(text[at])) ++end;
        parts.push_back(text.substr(at, end - at));
        at = end;
    }
    return parts;
}

bool starts_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

// A plural asks for the singular too.
std::string_view stem_of(std::string_view term) {
    if (term.size() > 5 && term.substr(term.size() - 2) == "es")
        return term.substr(0, term.size() - 2);
    if (term.size() > 4 && term.back() == 's') return term.substr(0, term.size() - 1);
    return term;
}

// How well a word answers a term: 3 itself, 2 begins with it, 1 begins with its stem, 0 not.
int match(const std::string& word, const std::string& term) {
    if (word == term) return 3;
    if (starts_with(word, term)) return 2;
    return starts_with(word, stem_of(term)) ? 1 : 0;
}

int best_match(const std::vector<std::string>& words, const std::string& term) {
    int best = 0;
    for (const auto& word : words) best = std::max(best, match(word, term));
    return best;
}

// Programmes and objectives are what people look for; figures are many and lie below them.
double weight_of(Subject subject) {
    switch (subject) {
        case Subject::objective:
            return 1.25;
        case Subject::programme:
            return 1.2;
        case Subject::register_:
            return 1.15;
        case Subject::institution:
            return 1.1;
        case Subject::figure:
            return 1.0;
    }
    return 1.0;
}

std::vector<Piece> highlight(const std::string& title, const std::vector<std::string>& terms) {
    std::vector<Piece> pieces;
    for (const auto part : stretches(title)) {
        const auto folded = fold(part);
        const bool hit = is_word_byte(part[0]) &&
                         std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
                             return match(folded, term) > 0;
                         });
        if (!pieces.empty() && pieces.back().hit == hit) {
            pieces.back().text += part;
        } else {
            pieces.push_back({std::string(part), hit});
        }
    }
    return pieces;
}

}  // namespace

std::string_view name_of(Subject subject) {
    switch (subject) {
        case Subject::objective:
            return "objective";
        case Subject::programme:
            return "programme";
        case Subject::register_:
            return "register";
        case Subject::institution:
            return "institution";
        case Subject::figure:
            return "figure";
    }
    return "";
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (const auto part : stretches(text)) {
        if (is_word_byte(part[0])) words.push_back(fold(part));
    }
    return words;
}

SearchIndex::SearchIndex(const definitions::Pack& pack, const definitions::Framework* objectives,
                         const std::vector<std::string>& languages) {
    for (const auto& name : languages) {
        auto& language = languages_[name];
        language.stop_words = words_of(render::say(name, "pages.search_stop_words"));
        if (objectives != nullptr) {
            for (const auto& node : objectives->nodes) {
                add(language, Subject::objective, node.id, "/objectives/" + percent_encode(node.id),
                    node.title.in(name), node.summary.in(name));
            }
        }
        for (const auto& programme : pack.programmes) {
            std::string other = programme.summary.in(name);
            for (const auto& id : programme.institutions) {
                if (const auto* institution = pack.find_institution(id)) {
                    other += " " + institution->acronym + " " + institution->name.in(name);
                }
            }
            add(language, Subject::programme, programme.id,
                "/programmes/" + percent_encode(programme.id), programme.title.in(name), other);
        }
        for (const auto& register_ : pack.registers) {
            add(language, Subject::register_, register_->name, "/registers/" + register_->name,
                register_->title.in(name), register_->summary.in(name));
        }
        for (const auto& institution : pack.institutions) {
            add(language, Subject::institution, institution.id,
                "/institutions/" + percent_encode(institution.id), institution.name.in(name),
                institution.acronym);
        }
        for (const auto& figure : pack.figures) {
            std::string other = figure.unit;
            for (const auto& id : figure.programmes) {
                if (const auto* programme = pack.find_programme(id)) {
                    other += " " + programme->title.in(name);
                }
            }
            add(language, Subject::figure, figure.id, "/figures/" + percent_encode(figure.id),
                figure.title.in(name), other);
        }
    }
}

void SearchIndex::add(Language& language, Subject subject, const std::string& id,
                      const std::string& path, const std::string& title, const std::string& other) {
    Entry entry{subject, id, fold(id), path, title, words_of(title), words_of(other)};
    std::set<std::string> words(entry.title_words.begin(), entry.title_words.end());
    words.insert(entry.other_words.begin(), entry.other_words.end());
    for (const auto& word : words) ++language.words[word];
    language.entries.push_back(std::move(entry));
}

double SearchIndex::score(const Entry& entry, const std::vector<std::string>& terms,
                          const Language& language, bool all) {
    double sum = 0;
    for (const auto& term : terms) {
        const int in_title = best_match(entry.title_words, term);
        const int elsewhere = in_title > 0 ? 0 : best_match(entry.other_words, term);
        if (in_title + elsewhere == 0) {
            if (all) return 0;
            continue;
        }
        const auto known = language.words.find(term);
        const double holders =
            known == language.words.end() ? 1 : static_cast<double>(known->second);
        const double rarity = std::log(1 + static_cast<double>(language.entries.size()) / holders);
        sum += rarity * (in_title * 4 + elsewhere);
    }
    // Short titles that are mostly the query come before long ones that mention it.
    const auto words = static_cast<double>(entry.title_words.size());
    const double fullness = static_cast<double>(terms.size()) / std::max(words, 1.0);
    return sum * weight_of(entry.subject) * (1 + 0.5 * std::min(fullness, 1.0));
}

SearchAnswer SearchIndex::find(std::string_view query, std::string_view language_name) const {
    SearchAnswer answer;
    const auto found_language = languages_.find(language_name);
    if (found_language == languages_.end()) return answer;
    const auto& language = found_language->second;
    const auto whole = fold(trim(query));
    auto terms = words_of(query);
    const auto& stop = language.stop_words;
    auto telling = terms;
    std::erase_if(telling, [&](const std::string& term) {
        return std::find(stop.begin(), stop.end(), term) != stop.end();
    });
    if (!telling.empty()) terms = telling;
    if (terms.size() > kTermsMax) terms.resize(kTermsMax);
    if (terms.empty()) return answer;

    for (const bool all : {true, false}) {
        for (const auto& entry : language.entries) {
            double points = score(entry, terms, language, all);
            if (entry.folded_id == whole) points += 1'000;
            if (points <= 0) continue;
            answer.found.push_back({entry.subject, entry.id, entry.path, entry.title, {}, points});
        }
        answer.any_word = !all && !answer.found.empty();
        if (!answer.found.empty() || terms.size() == 1) break;
    }
    std::stable_sort(answer.found.begin(), answer.found.end(),
                     [](const Found& a, const Found& b) { return a.score > b.score; });
    if (answer.found.size() > kFoundMax) answer.found.resize(kFoundMax);
    for (auto& found : answer.found) found.pieces = highlight(found.title, terms);
    if (answer.found.empty() || answer.any_word) {
        std::vector<std::string> known;
        for (const auto& [word, count] : language.words) {
            if (word.size() > 3) known.push_back(word);
        }
        for (const auto& term : terms) {
            const auto near = closest(term, known);
            if (near && *near != term) answer.nearest.push_back(*near);
        }
    }
    return answer;
}

}  // namespace amate::server
