// SPDX-License-Identifier: Apache-2.0
// amate diff OLD NEW: what a changed pack does to records stored under the one before.
#include "cli/command.hpp"

#include <array>
#include <iostream>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "definitions/pack.hpp"
#include "definitions/pack_diff.hpp"

namespace amate::cli {
namespace {

using definitions::Change;
using definitions::ChangeKind;
using definitions::Effect;

struct DiffOptions {
    std::filesystem::path before, after;
    std::string language;
    bool json = false;
    bool all = false;
};

constexpr std::array kEffects{Effect::needs_migration, Effect::migrates, Effect::compatible};

struct EffectWords {
    const char* name;  // in JSON
    const char* es;
    const char* en;
};
const EffectWords& words_of(Effect effect) {
    static constexpr EffectWords kWords[] = {
        {"compatible", "Compatible: lo guardado se lee como antes",
         "Compatible: what is stored reads as before"},
        {"migrates", "Migra solo, o lo declara el paquete", "Migrates by itself, or as declared"},
        {"needs_migration", "Necesita una migración", "Needs a migration"}};
    return kWords[static_cast<std::size_t>(effect)];
}

constexpr const char* kKinds[] = {"added", "removed", "changed"};

std::string cut(const std::string& text) {
    constexpr std::size_t kMost = 60;
    if (text.size() <= kMost) return text;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "…";
}

std::string line_of(const Change& change, const std::string& language) {
    std::string line = "  ";
    line += change.kind == ChangeKind::added     ? "+ "
            : change.kind == ChangeKind::removed ? "- "
                                                 : "~ ";
    line += change.place;
    if (change.kind == ChangeKind::changed) {
        line += fmt::format(": {} → {}", change.before.empty() ? "∅" : cut(change.before),
                            change.after.empty() ? "∅" : cut(change.after));
    }
    if (change.effect != Effect::compatible) line += "\n      " + change.why.in(language);
    return line + "\n";
}

std::string to_text(const std::vector<Change>& changes, const DiffOptions& options,
                    const std::string& language) {
    const bool spanish = language == "es";
    if (changes.empty()) return spanish ? "sin cambios\n" : "no changes\n";
    std::string text;
    for (const auto effect : kEffects) {
        std::string lines;
        std::size_t count = 0;
        for (const auto& change : changes) {
            if (change.effect != effect) continue;
            ++count;
            lines += line_of(change, language);
        }
        if (count == 0) continue;
        const auto& words = words_of(effect);
        const bool shown = effect != Effect::compatible || options.all;
        text +=
            fmt::format("{} ({})\n{}", spanish ? words.es : words.en, count, shown ? lines : "");
    }
    return text;
}

std::string to_json(const std::vector<Change>& changes, const definitions::Pack& before,
                    const definitions::Pack& after) {
    boost::json::array list;
    for (const auto& change : changes) {
        list.push_back(
            boost::json::object{{"place", change.place},
                                {"kind", kKinds[static_cast<std::size_t>(change.kind)]},
                                {"effect", words_of(change.effect).name},
                                {"before", change.before},
                                {"after", change.after},
                                {"why", {{"es", change.why.in("es")}, {"en", change.why.in("en")}}},
                                {"acceptable", change.acceptable}});
    }
    const boost::json::object all{{"before", before.digest},
                                  {"after", after.digest},
                                  {"effect", words_of(effect_of(changes)).name},
                                  {"changes", std::move(list)}};
    return boost::json::serialize(all) + "\n";
}

int diff(const DiffOptions& options) {
    const auto before = definitions::load_pack(options.before);
    if (!before) return report(before.error());
    const auto after = definitions::load_pack(options.after);
    if (!after) return report(after.error());
    const auto changes = definitions::compare(**before, **after);
    const auto& languages = (*after)->languages;
    const auto language = !options.language.empty() ? options.language
                          : languages.empty()       ? std::string("en")
                                                    : languages.front();
    const auto text =
        options.json ? to_json(changes, **before, **after) : to_text(changes, options, language);
    const int written = write_text("", text);
    return effect_of(changes) == Effect::needs_migration ? 1 : written;
}

}  // namespace

void add_diff(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "diff",
        "Say what a changed pack does to stored records; exit code 1 if it needs a migration");
    auto options = std::make_shared<DiffOptions>();
    command->add_option("OLD", options->before, "Folder of the pack as it was")->required();
    command->add_option("NEW", options->after, "Folder of the pack as it is to be")->required();
    command->add_option("--lang", options->language, "es or en (default: the pack's first)");
    command->add_flag("--all", options->all, "Also list the changes that touch nothing stored");
    command->add_flag("--json", options->json, "One JSON object instead of text");
    command->callback([&shell, options] { shell.run = [options] { return diff(*options); }; });
}

}  // namespace amate::cli
