// SPDX-License-Identifier: Apache-2.0
// Search over what the pack declares: objectives, programmes, registers, institutions and figures.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "definitions/model.hpp"

namespace amate::server {

enum class Subject : unsigned char { objective, programme, register_, institution, figure };
[[nodiscard]] std::string_view name_of(Subject subject);  // "objective", "programme", ...

// A stretch of a text: within a word that was searched for, or between.
struct Piece {
    std::string text;
    bool hit = false;
};

struct Found {
    Subject subject = Subject::objective;
    std::string id;
    std::string path;  // below the language: "/programmes/X"
    std::string title;
    std::vector<Piece> pieces;  // the title, hits marked
    double score = 0;
};

struct SearchAnswer {
    std::vector<Found> found;          // best first
    std::vector<std::string> nearest;  // words that exist, near those that were not found
    bool any_word = false;             // nothing holds all words: these hold some of them
};

// Immutable once made; safe from many threads. What is searched for is never kept.
class SearchIndex {
public:
    SearchIndex(const definitions::Pack& pack, const definitions::Framework* objectives,
                const std::vector<std::string>& languages);

    // Every word of the query must begin a word of the entry, accents and case aside; an id finds
    // its entry first. Words that say nothing (stop words) do not count unless they stand alone.
    [[nodiscard]] SearchAnswer find(std::string_view query, std::string_view language) const;

private:
    struct Entry {
        Subject subject;
        std::string id, folded_id, path, title;
        std::vector<std::string> title_words, other_words;  // folded
    };
    struct Language {
        std::vector<Entry> entries;
        std::map<std::string, std::size_t, std::less<>> words;  // how many entries hold a word
        std::vector<std::string> stop_words;
    };
    static void add(Language& language, Subject subject, const std::string& id,
                    const std::string& path, const std::string& title, const std::string& other);
    [[nodiscard]] static double score(const Entry& entry, const std::vector<std::string>& terms,
                                      const Language& language, bool all);

    std::map<std::string, Language, std::less<>> languages_;
};

// Words of a text, folded: letters and digits of any script.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

}  // namespace amate::server
